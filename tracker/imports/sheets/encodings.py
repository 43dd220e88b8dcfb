"""By which letters a text without a mark was written: what decodes, and reads as text then."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from tracker.imports.foreign import Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: How people call them.
NAMES = {
    "utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32", "cp932": "Shift_JIS", "euc_jp": "EUC-JP", "iso2022_jp": "ISO-2022-JP",
    "cp1252": "Windows-1252",
}  # fmt: skip
#: So much of a text shows how it is written.
_SAMPLE = 200_000
_JAPANESE = re.compile(r"[\u3005-\u30ff\u3400-\u9fff\uff01-\uff9f]")
_KANA = re.compile(r"[\u3041-\u30fc]")
_RUN = re.compile(r"[^\x00-\x7f]{2,}")
#: First bytes of kana, signs and usual kanji. `ä` and its kin become kanji that few texts have.
_COMMON_LEADS = frozenset([0x81, 0x82, 0x83, *range(0x88, 0x9A)])


class DecodedText(NamedTuple):
    """A text, and by which letters it was read."""

    text: str
    encoding: str
    is_guessed: bool  #: nothing in the file says so


def decode_text(content: bytes, wish: str | None) -> DecodedText:
    """The text; `wish` is the encoding that the call names. Raises Unreadable.

    >>> decode_text("期限".encode("cp932"), None).encoding
    'cp932'
    >>> decode_text("Fällig".encode("cp1252"), None).text
    'Fällig'
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark) and wish is None:
            return DecodedText(_decode_with(content[len(mark) :], encoding), encoding, False)
    if wish is not None:
        return DecodedText(_decode_wished(content, wish), wish, False)
    if b"\0" in content[:_SAMPLE] and (wide := _wide(content)):
        return DecodedText(_decode_with(content, wide), wide, True)
    if b"\x1b$" in content and _reads(content, "iso2022_jp"):
        return DecodedText(content.decode("iso2022_jp"), "iso2022_jp", True)
    if _reads(content, "utf-8"):
        return DecodedText(content.decode(), "utf-8", False)
    for encoding in _candidates(content):
        if _reads(content, encoding):
            return DecodedText(content.decode(encoding), encoding, True)
    raise Unreadable("letters", (("line", str(_line_of_fault(content, "utf-8"))),))


def _decode_wished(content: bytes, wish: str) -> str:
    try:
        codec = codecs.lookup(wish)
    except (LookupError, ValueError):
        raise Unreadable("no-such-letters", (("name", wish),)) from None
    if not codec._is_text_encoding:  # hex and zip are codecs too
        raise Unreadable("no-such-letters", (("name", wish),))
    return _decode_with(content, codec.name).removeprefix("\ufeff")


def _decode_with(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        name = NAMES.get(encoding, encoding)
        raise Unreadable("not-in-letters", (("line", str(line)), ("name", name))) from None


def _line_of_fault(content: bytes, encoding: str) -> int:
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        return content[: error.start].count(b"\n") + 1
    return 1


def _reads(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _wide(content: bytes) -> str | None:
    """UTF-16 without a mark: half of what separates is NUL, all on one side."""
    sample = content[: _SAMPLE // 2 * 2]
    at_even, at_odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(content) % 2 or max(at_even, at_odd) < 3 * min(at_even, at_odd) + 2:
        return None
    encoding = "utf-16-le" if at_odd > at_even else "utf-16-be"
    return encoding if _reads(content, encoding) else None


def _candidates(content: bytes) -> tuple[str, ...]:
    """In which order to try them."""
    sample = content[:_SAMPLE]
    if sample.count(b"\n") > 1:
        sample = sample[: sample.rindex(b"\n")]
    if _is_japanese(sample, "euc_jp") and _KANA.search(sample.decode("euc_jp")):
        return ("euc_jp", "cp932", "cp1252")
    if _is_japanese(sample, "cp932"):
        return ("cp932", "cp1252")
    return ("cp1252", "cp932", "euc_jp")


def _is_japanese(sample: bytes, encoding: str) -> bool:
    """Letters beside one another, most of them such as texts have."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    foreign = [letter for letter in text if letter > "\x7f"]
    in_runs = sum(len(run) for run in _RUN.findall(text))
    if not foreign or in_runs < 0.6 * len(foreign):
        return False
    if encoding == "cp932":
        leads = [letter.encode(encoding, "replace")[0] for letter in foreign]
        common = sum(lead in _COMMON_LEADS for lead in leads)
        half_wide = sum(0xA1 <= lead <= 0xDF for lead in leads)  # alone they may be ÄÖÜ
        return common > 0 and common + half_wide > 0.7 * len(foreign)
    return sum(bool(_JAPANESE.match(letter)) for letter in foreign) > 0.7 * len(foreign)
