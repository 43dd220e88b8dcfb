"""A value of events.toml as the text of one cell, and back: exactly, and safe in a spreadsheet.

A cell that begins with = + - @ would be a formula: it gets an apostrophe before it (OWASP, "CSV
Injection"), which is taken away again. Lists are parted by semicolons where their texts have none;
what is no plain text is JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from tracker.imports.statements import LISTS, RECORD_KEYS, TEXTS

_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n|%＝＋－＠]")
_IN_LANGUAGE = re.compile(rf"(?P<key>{'|'.join(TEXTS)}) \((?P<tag>[A-Za-z0-9-]+)\)")
_LOOKS_LIKE_JSON = re.compile(r"\s*[\[{\"]")


def cell_of(key: str, value: Any) -> str:
    """The text of a cell.

    >>> cell_of("tags", ["a", "b c"]), cell_of("tags", ["a; b"]), cell_of("note", "=1+1")
    ('a; b c', '["a; b"]', "'=1+1")
    """
    if value is None:
        return ""
    if isinstance(value, str):
        text = value
        if not value.strip() or (key in (*TEXTS, *RECORD_KEYS) and _LOOKS_LIKE_JSON.match(value)):
            text = json.dumps(value, ensure_ascii=False)
    elif isinstance(value, list) and _is_plain(value):
        text = "; ".join(value)
    else:
        text = json.dumps(value, ensure_ascii=False)
    return f"'{text}" if _FORMULA.match(text) else text


def cells_of(fields: Mapping[str, Any], language: str) -> dict[str, str]:
    """The cells of an event by their columns; a text in several languages has one for each.

    >>> cells_of({"title": {"en": "Rent", "ja": "賃料"}}, "en")
    {'title': 'Rent', 'title (ja)': '賃料'}
    """
    cells = {}
    for key, value in fields.items():
        if key in TEXTS and isinstance(value, dict) and next(iter(value), "") == language:
            for tag, text in value.items():
                cells[key if tag == language else f"{key} ({tag})"] = cell_of(key, text)
        else:
            cells[key] = cell_of(key, value)
    return cells


def fields_in(cells: Mapping[str, str], language: str) -> dict[str, Any]:
    """What the cells of an event say, by its keys.

    >>> fields_in({"title": "Rent", "title (ja)": "賃料", "when": ""}, "en")
    {'title': {'en': 'Rent', 'ja': '賃料'}}
    """
    fields: dict[str, Any] = {}
    for column, cell in cells.items():
        in_language = _IN_LANGUAGE.fullmatch(column)
        key = in_language["key"] if in_language else column
        value = value_in(key, cell)
        if value is None:
            continue
        if in_language is None:
            fields[key] = value
        else:
            own = fields.get(key)
            texts = own if isinstance(own, dict) else {language: own} if own else {}
            fields[key] = texts | {in_language["tag"]: value}
    return fields


def _is_plain(values: list[Any]) -> bool:
    """Whether parting it at semicolons gives the same list again."""
    joined = "; ".join(map(str, values))
    return bool(values) and _parts(joined) == values and not _LOOKS_LIKE_JSON.match(joined)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def value_in(key: str, text: str) -> Any:
    """The value that a cell of that key says; None: nothing.

    >>> value_in("tags", "a; b c"), value_in("note", "'=1+1"), value_in("occurred", '{"1": "x"}')
    (['a', 'b c'], '=1+1', {'1': 'x'})
    """
    if text.startswith("'") and _FORMULA.match(text[1:]):
        text = text[1:]
    if not text.strip():
        return None
    if key in (*TEXTS, *RECORD_KEYS, *LISTS) and _LOOKS_LIKE_JSON.match(text):
        try:
            return json.loads(text)
        except ValueError:  # a title may begin with a bracket, where somebody has written it here
            return text
    return _parts(text) if key in LISTS else text
