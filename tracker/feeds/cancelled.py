"""What an entry says once it is cancelled, for clients that pass over STATUS.

Outlook shows what is CANCELLED like all else, so the title and the colour say it too. What may no
longer move says no more that it may. All is read off the entry as it was published: what was taken
out of the file is known from there alone.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from tracker.feeds.content_lines import text_of, with_text
from tracker.i18n.translate import Language, translate

#: Why it is cancelled: its day is another or none, that it happened is no longer recorded, or it is
#: no longer in the file.
CancelReason: TypeAlias = Literal["gone", "unrecorded", "removed"]
#: CSS3 names (RFC 7986, section 5.9).
GONE_COLOR = "gray"
#: Of what may move, is a window or an option: its title and description say so.
OPEN_COLORS = ("goldenrod", "darkorange")
_STATUS = re.compile(rb"^STATUS:[A-Z]+\r$", re.MULTILINE)
_COLOR = re.compile(rb"^COLOR:([a-z]+)\r$", re.MULTILINE)


def cancelled_content(content: bytes, language: Language, reason: str | None) -> bytes:
    """The content of an entry, cancelled; `reason` is a sentence, None where it tells it itself.

    Of what is cancelled already it is the same.
    """
    prefix = translate(language, "feed.cancelled", label="")
    summary = text_of(content, "SUMMARY")
    if summary.startswith(prefix) and b"\r\nSTATUS:CANCELLED\r" in content:
        return content
    description = text_of(content, "DESCRIPTION").split("\n")
    color = _COLOR.search(content)
    if reason is not None:
        at = _place_of_remark(description, language)
        end = at
        if color is not None and color[1].decode() in OPEN_COLORS:
            summary = _without_remark(summary, description[at], language)
            end += 1
        description[at:end] = [reason]
    content = with_text(content, "SUMMARY", prefix + summary.removeprefix(prefix), language)
    content = with_text(content, "DESCRIPTION", "\n".join(description), language)
    content = _STATUS.sub(b"STATUS:CANCELLED\r", content)
    return _COLOR.sub(f"COLOR:{GONE_COLOR}\r".encode(), content)


def _place_of_remark(description: list[str], language: Language) -> int:
    """Where the line stands that says what may become of it: behind what is stated."""
    return int(description[0].startswith(translate(language, "feed.stated", stated="")))


def _without_remark(summary: str, remarks: str, language: Language) -> str:
    """The title without what its description says as well: that it may move, or which days."""
    title, _, close = translate(language, "feed.tentative", label="", remark="\n").partition("\n")
    at = summary.find(title)
    while at >= 0 and summary.endswith(close):
        if remarks.endswith(summary[at + len(title) : len(summary) - len(close)]):
            return summary[:at]
        at = summary.find(title, at + 1)
    return summary
