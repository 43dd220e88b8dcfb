"""What can stand next: keys, names, and in a line of dates each word that the grammar takes there.

The grammar is asked itself: a word can stand there if the line with it reads, or ends too soon.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from tracker.dates.calendars import calendar_names
from tracker.dates.diagnostics import LineError
from tracker.dates.instants import zone_names
from tracker.dates.parser import parse
from tracker.dates.tokens import KEYWORDS, UNITS
from tracker.editor.kept_names import KeptNames
from tracker.editor.values import CHOICES, Word
from tracker.files.schema import AMENDMENT_KEYS, CHANGE_KEYS, EVENT_KEYS, FILE_KEYS, SOURCE_KEYS

HEADER = re.compile(r"^[ \t]*\[\[?[ \t]*([A-Za-z0-9_.\"'-]+)[ \t]*\]", re.MULTILINE)
_KEY = re.compile(r"[ \t]*(?P<word>[A-Za-z-]*)")
_VALUE = re.compile(
    r"[ \t]*(?P<key>[a-z]+)[ \t]*=[ \t]*(?P<list>\[(?:[^\]]*,)?[ \t]*)?[\"'](?P<begun>[^\"']*)"
)
_LINES = frozenset(("when", "starts", "ends"))
#: The kind of names that a key takes, as glance.py calls it.
_NAMES = {
    "tags": "tag",
    "parties": "party",
    "source": "source",
    "during": "event",
    "amends": "agreement",
}
_PROBE = "an-id"


class Begun(NamedTuple):
    """Of a text the part that a word takes the place of."""

    start: int
    end: int


def next_words(
    texts: Mapping[str, str], name: str, offset: int, kept: KeptNames | None = None
) -> tuple[Begun, list[Word]]:
    """The words, and the part of the text that is begun of them."""
    kept = kept or KeptNames()
    text = texts[name]
    start = text.rfind("\n", 0, offset) + 1
    before = text[start:offset][-2_000:]
    if value := _VALUE.fullmatch(before):
        key, begun = value["key"], value["begun"]
        if key in _LINES:
            last = re.search(r"[^ \t(),]*$", begun)
            word = last[0] if last else ""
            words = list(_of_line(begun[: len(begun) - len(word)], texts, name, kept))
            return Begun(offset - len(word), offset), words
        if key in CHOICES:
            return Begun(offset - len(begun), offset), list(CHOICES[key](begun))
        kind = _NAMES.get(key)
        names = _names(texts, name, kept) if kind else {}
        found = [Word(text, "name", title) for text, title in names.get(kind or "", {}).items()]
        return Begun(offset - len(begun), offset), found
    if begun_key := _KEY.fullmatch(before):
        _, keys = keys_at(text[:start])
        return Begun(offset - len(begun_key["word"]), offset), [Word(key, "key") for key in keys]
    return Begun(offset, offset), []


def prepare_words(texts: Mapping[str, str], kept: KeptNames) -> None:
    """Has at hand what takes long the first time, so that no keystroke waits for it."""
    kept.prepare(texts)
    calendar_names()
    zone_names()


def keys_at(above: str) -> tuple[str, Iterable[str]]:
    """The table that stands open below a text, as the sentences call it, and its keys."""
    headers = HEADER.findall(above[-200_000:])
    table = headers[-1] if headers else ""
    if table == "event":
        return "event", EVENT_KEYS
    if table == "amendment.event":
        return "event", (*CHANGE_KEYS, "remove")
    if table == "amendment":
        return "amendment", [key for key in AMENDMENT_KEYS if key != "event"]
    if table.startswith("sources."):
        return "source", SOURCE_KEYS
    tables = ("event", "amendment", "sources")
    return "file", () if table else [key for key in FILE_KEYS if key not in tables]


def _of_line(before: str, texts: Mapping[str, str], name: str, kept: KeptNames) -> Iterator[Word]:
    """The words of the date language that can follow, then the events if one can."""
    for word in sorted(KEYWORDS | UNITS.keys()):
        if _can_follow(before, word):
            yield Word(word, "word")
        elif _can_follow(before, f"{word} of"):
            yield Word(f"{word} of", "word")
    if _can_follow(before, _PROBE):
        own = kept.names(name, texts[name])
        for event, title in _names(texts, name, kept)["event"].items():
            yield Word(event, "name", title)
        for file, text in texts.items():
            there = kept.names(file, text)
            for agreement in there["agreement"]:
                if file != name and agreement not in own["agreement"]:
                    for event, title in there["event"].items():
                        yield Word(f"{agreement}/{event}", "name", title)


def _can_follow(before: str, word: str) -> bool:
    line = before + word
    try:
        parse(line, helpful=False)
    except LineError as refused:
        diagnostic = refused.diagnostic
        return diagnostic.case == "line-ends"
    return True


def _names(texts: Mapping[str, str], name: str, kept: KeptNames) -> dict[str, dict[str, str]]:
    """What the text names, and the others of its agreement."""
    own = kept.names(name, texts[name])
    names = dict(own)
    for file, text in texts.items():
        if file == name:
            continue
        there = kept.names(file, text)
        shared = bool(own["agreement"].keys() & there["agreement"].keys())
        for kind, those in there.items():
            if kind in ("tag", "party") or shared:
                names[kind] = those | names[kind]
    return names
