"""What files name, at a glance: their ids, titles, tags and parties, without reading what they say.

A shell asks for them at each Tab, and an editor in a text that is broken while it is written. So no
TOML is parsed here, and nothing but plain lines is seen: what is written otherwise is not offered.

>>> names = names_at_a_glance(
...     '[[event]]\\nid = "report"\\ntitle = "Report"\\ntags = ["eu", "tax"]\\n'
... )
>>> names["event"], names["tag"]
({'report': 'Report'}, {'eu': '', 'tax': ''})
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeAlias

#: By kind (event, agreement, amendment, source, party, tag, lasting): the names, each with a title.
Names: TypeAlias = dict[str, dict[str, str]]

_TEXT = r'"(?:[^"\\\n]++|\\.)*+"|\'[^\'\n]*+\''
_LINES = re.compile(
    r"\n[ \t]*+(?:\[\[?([^\]\n]*+)\]"
    r"|(id|title(?:\.[a-z-]++)?|tags|parties|starts|ends|lasts|amends)[ \t]*+=[ \t]*+"
    rf"({_TEXT}|\[(?:[^\]\"']++|{_TEXT})*+\]|\{{[^}}\n]*+\}}))",
    re.DOTALL,
)
_TEXTS = re.compile(_TEXT)
#: What an id looks like; only such are handed to a shell.
_ID = re.compile(r"[a-z][a-z0-9]*(?:[-._][a-z0-9]+)*")
_KINDS = {"": "agreement", "event": "event", "amendment": "amendment", "amendment.event": "event"}
_LISTS = {"tags": "tag", "parties": "party"}


def names_at_a_glance(text: str) -> Names:
    """The names in a text, in the order in which they stand."""
    names: Names = {kind: {} for kind in (*_KINDS.values(), "source", "lasting", *_LISTS.values())}
    kind, name, known = "agreement", "", names["agreement"]
    for table, key, value in _LINES.findall("\n" + without_long_texts(text)):
        if table:
            opened = table.strip(" \t")
            kind, name = _KINDS.get(opened, ""), ""
            known = names.get(kind, {})
            if opened.startswith("sources."):
                names["source"].setdefault(opened.removeprefix("sources.").strip("\"' "), "")
        elif not kind:
            pass
        elif key == "id":
            name = value[1:-1]
            if _ID.fullmatch(name):
                known.setdefault(name, "")
        elif key == "title":
            if name in known and not known[name]:
                known[name] = (
                    value[1:-1]
                    if value[0] in "\"'" and "\\" not in value
                    else (_texts(value) or [""])[0]
                )
        else:
            _take(names, kind, name, key, value)
    return names


def without_long_texts(text: str) -> str:
    """The text without what stands between three quotes, whose lines are no keys."""
    for quotes in ('"""', "'''"):
        text = '""'.join(text.split(quotes)[::2])
    return text


def _take(names: Names, kind: str, name: str, key: str, value: str) -> None:
    """Keeps what a line names beside ids and titles."""
    texts = _texts(value)
    if key in _LISTS:
        names[_LISTS[key]].update(dict.fromkeys(texts, ""))
    elif key == "amends":
        names["agreement"].update(dict.fromkeys(filter(_ID.fullmatch, texts), ""))
    elif key.startswith("title."):
        if texts and name in names[kind] and not names[kind][name]:
            names[kind][name] = texts[0]
    elif kind == "event" and name in names["event"]:
        names["lasting"][name] = ""


@lru_cache(maxsize=1024)  # thousands of events have the same few tags
def _texts(value: str) -> list[str]:
    return [_plain(text) for text in _TEXTS.findall(value)]


def _plain(text: str) -> str:
    """A text without its quotes; of escapes only those of quotes and backslashes are read."""
    inner = text[1:-1]
    if text[0] != '"' or "\\" not in inner:
        return inner
    return re.sub(r'\\(["\\])', r"\1", inner)
