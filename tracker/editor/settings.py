"""tracker.toml in an editor: what is wrong, what can stand next, and what a key means."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.config import problems_of_settings
from tracker.config.keys import TABLES, WHERE
from tracker.editor.key_meanings import KEY, meaning_of
from tracker.editor.next_words import HEADER, Begun
from tracker.editor.problems import PlacedProblem, problem_in_text
from tracker.editor.readings import places_in
from tracker.editor.values import Word, is_yes_or_no, values_of
from tracker.files.key_model import Key
from tracker.i18n.columns import without_controls
from tracker.i18n.translate import Language

_KEYS = {table.name: table.keys for table in TABLES}
_TABLE = re.compile(r"[ \t]*(?P<begun>\[\[?[a-z]*)")
_NAME = re.compile(r"[ \t]*(?P<begun>[a-z_]*)")
_WHERE = re.compile(r"[ \t]*where[ \t]*=[ \t]*\{(?P<inner>.*)")
_WHERE_NAME = re.compile(r"(?:.*,)?[ \t]*(?P<begun>[a-z]*)")
_RECIPIENT = re.compile(r"^[ \t]*name[ \t]*=[ \t]*[\"']([^\"'\n]*)", re.MULTILINE)
#: A value that is begun: behind a quote, in a list or not, or what stands without quotes.
_VALUE = re.compile(
    r"(?:.*,)?[ \t]*(?P<key>[a-z_]+)[ \t]*=[ \t]*"
    r"(?:\[(?:[^\]]*[,\[])?[ \t]*)?(?P<quote>[\"'])?(?P<begun>[^\"'\[\]{},]*)"
)


def settings_problems(name: str, text: str) -> list[PlacedProblem]:
    """All that is wrong with it; what may be a secret stands in no sentence of it."""
    places = places_in(text)
    return [problem_in_text(problem, text, places) for problem in problems_of_settings(name, text)]


def settings_words(text: str, offset: int) -> tuple[Begun, list[Word]]:
    """The words that can stand next, and the part of the text that is begun of them.

    >>> _, words = settings_words('[health]\\nfail_after = "1', 23)
    >>> [word.text for word in words][:2]
    ['30 minutes', '1 hour']
    """
    start = text.rfind("\n", 0, offset) + 1
    before, keys = text[start:offset][-2_000:], _table_at(text[:start])[1]
    if where := _WHERE.fullmatch(before):
        before, keys = where["inner"], WHERE
        if begun := _WHERE_NAME.fullmatch(before):
            return _of_names(begun["begun"], keys, offset)
    elif header := _TABLE.fullmatch(before):
        words = [Word(name, "key") for name in _headers(text)]
        return Begun(offset - len(header["begun"]), offset), words
    elif begun := _NAME.fullmatch(before):
        return _of_names(begun["begun"], keys, offset)
    value = _VALUE.fullmatch(before)
    key = next((key for key in keys if value and key.name == value["key"]), None)
    if value is None or key is None:
        return Begun(offset, offset), []
    return Begun(offset - len(value["begun"]), offset), list(_values(key, value))


def _of_names(begun: str, keys: tuple[Key, ...], offset: int) -> tuple[Begun, list[Word]]:
    return Begun(offset - len(begun), offset), [Word(key.name, "key") for key in keys]


def _values(key: Key, value: re.Match[str]) -> Iterator[Word]:
    if value["quote"]:
        yield from values_of(key, value["begun"].strip())
        return
    if is_yes_or_no(key):
        yield from (Word("true", "word"), Word("false", "word"))
    for word in values_of(key, ""):
        yield word._replace(text=f'"{word.text}"')


def _headers(text: str) -> Iterator[str]:
    """The headers that can still stand in it."""
    there = set(HEADER.findall(text))
    for table in TABLES:
        if table.is_many:
            yield f"[[{table.name}]]"
        elif table.name and table.name not in there:
            yield f"[{table.name}]"


def _table_at(above: str) -> tuple[str, tuple[Key, ...]]:
    """The table that stands open below a text, and its keys."""
    headers = HEADER.findall(above)
    name = headers[-1] if headers else ""
    return name, _KEYS.get(name, ())


def settings_meaning(text: str, offset: int, language: Language) -> str | None:
    """What the key means that stands there, also one of a `where`; None where none does."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    line, at = text[start : len(text) if end < 0 else end], offset - start
    table, keys = _table_at(text[:start])
    if where := _WHERE.match(line):
        for key in re.finditer(r"([a-z]+)[ \t]*=", where["inner"]):
            if where.start("inner") + key.start() <= at <= where.start("inner") + key.end(1):
                return meaning_of("where", WHERE, key[1], language)
    name = KEY.match(line)
    if name is None or at >= name.end():
        return None
    return meaning_of(table or "tracker", keys, name[1], language)


def settings_tables(text: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[int, ...]]:
    """The tables in it: how they are called, whom a recipient's is for, and where they begin."""
    headers = list(HEADER.finditer(text))
    ends = [*(header.start() for header in headers[1:]), len(text)]
    names = (
        _RECIPIENT.search(text, header.end(), end) if header[1] == "recipient" else None
        for header, end in zip(headers, ends, strict=True)
    )
    return (
        tuple(header[1] for header in headers),
        tuple(without_controls(name[1]) if name else "" for name in names),
        tuple(header.start(1) for header in headers),
    )
