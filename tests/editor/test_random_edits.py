"""Whatever is edited, in whatever order: the server says what a fresh reading of the text says."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from tests.editor.test_editor import LEASE, OTHER
from tests.editor.test_language_server import Editor, folder, place, talk
from tracker.editor.desk import Desk
from tracker.editor.edited_texts import edited_text
from tracker.editor.positions import Positions

__all__ = ["folder"]  # a fixture

_NEW = st.text(alphabet='a\u00e9\u65e5\U0001f680\u2028\x0c\r\n[]=" ', max_size=6)
_PLACE = st.tuples(st.integers(0, 6), st.integers(0, 9))


def spliced(text: str, start: tuple[int, int], end: tuple[int, int], new: str) -> str | None:
    """The same edit done in UTF-16 itself; None where a place is within a character or a line end.

    Past the end of a line is its end, past the last line the end (LSP 3.17, Position).
    """
    units = text.encode("utf-16-le")
    lines, begun, at = [], 0, 0
    while at < len(units):
        pair = units[at : at + 2]
        at += 2
        if pair == b"\r\0" and units[at : at + 2] == b"\n\0":
            at += 2
            lines.append((begun, at - 4))
            begun = at
        elif pair in (b"\r\0", b"\n\0"):
            lines.append((begun, at - 2))
            begun = at
    lines.append((begun, len(units)))
    places = [
        min(lines[line][0] + 2 * column, lines[line][1]) if line < len(lines) else len(units)
        for line, column in (start, end)
    ]
    first, last = sorted(places)
    try:
        return units[:first].decode("utf-16-le") + new + units[last:].decode("utf-16-le")
    except UnicodeDecodeError:
        return None


@given(_NEW, st.lists(st.tuples(_PLACE, _PLACE, _NEW), max_size=8))
def test_a_text_after_any_edits_is_that_of_the_client(
    text: str, edits: list[tuple[tuple[int, int], tuple[int, int], str]]
) -> None:
    for start, end, new in edits:
        there = spliced(text, start, end, new)
        if there is not None:
            assert edited_text(text, start, end, new, "utf-16") == there
            text = there


class _Random(NamedTuple):
    """Edits of a text, as a person makes them: within lines, across them, of whole events."""

    chance: random.Random

    def edit(self, text: str) -> tuple[int, int, str]:
        start = self.chance.randrange(len(text) + 1)
        kind = self.chance.choice(["insert", "delete", "replace", "lines", "word"])
        end = min(len(text), start + self.chance.choice([0, 1, 4, 40]))
        if kind == "insert":
            return (
                start,
                start,
                self.chance.choice(["\n", "x", '"', "\u65e5\u672c", "\U0001f680", "\r\n", "#"]),
            )
        if kind == "lines":
            new = '\r\n[[event]]\r\nid = "n{}"\r\ntitle = "\U0001f680 \u7d0d\u54c1"\r\nwhen = "2031-05-01"'
            return len(text), len(text), new.format(self.chance.randrange(100))
        if kind == "word":
            at = text.find("report", start)
            return (at, at + 6, "report") if at >= 0 else (start, start, " ")
        return start, end, "" if kind == "delete" else self.chance.choice(["30", "term", "\u00fc"])


def _shown(problem: types.Diagnostic) -> tuple[object, ...]:
    return problem.code, problem.range.start.line, problem.range.start.character


def test_after_random_edits_it_says_what_a_fresh_reading_says(folder: Path) -> None:
    edits, name = _Random(random.Random(24)), str(folder / "a.toml")
    today = datetime.now(UTC).date()

    async def say(editor: Editor) -> None:
        editor.open("a.toml", LEASE)
        await editor.problems("a.toml")
        good = 0
        for _ in range(12):
            text = LEASE
            editor.edit("a.toml", None, text)
            for _ in range(edits.chance.randrange(1, 4)):
                start, end, new = edits.edit(text)
                positions = Positions(text)
                span = (types.Position(*positions.position(at)) for at in (start, end))
                editor.edit("a.toml", types.Range(*span), new)
                first, last = (positions.offset(*positions.position(at)) for at in (start, end))
                text = text[:first] + new + text[last:]
            shown = await editor.problems("a.toml")
            texts = {name: text, str(folder / "b.toml"): OTHER}
            fresh = Desk().read("", 1, texts, today, "en")
            places = Positions(text)
            assert [_shown(problem) for problem in shown] == [
                (problem.diagnostic.case, *places.position(problem.start))
                for problem in fresh.problems[name]
            ]
            if fresh.is_good:
                good += 1
                a = editor.document("a.toml")
                whole = types.Range(types.Position(0, 0), types.Position(999, 0))
                hints = await editor.text_document_inlay_hint_async(types.InlayHintParams(a, whole))
                assert [hint.label for hint in hints or ()] == list(fresh.lines[name].answers)
                assert [hint.position for hint in hints or ()] == [
                    types.Position(*places.position(end)) for end in fresh.lines[name].ends
                ]
                symbols = await editor.text_document_document_symbol_async(
                    types.DocumentSymbolParams(a)
                )
                assert [symbol.name for symbol in symbols or ()] == list(fresh.symbols[name].ids)
        assert 0 < good < 12

    talk(folder, say)


async def shows(editor: Editor, name: str, *codes: str) -> None:
    """Waits until those are the problems of a file; fails when it never says so."""
    while [problem.code for problem in await editor.problems(name)] != list(codes):
        pass


def test_odd_files_and_questions_hold_up_nothing(folder: Path) -> None:
    """A cancelled question, 5 MB on one line, no UTF-8, a file that goes, another program's."""
    other = folder / "other"
    other.mkdir()

    async def say(editor: Editor) -> None:
        editor.open("a.toml", LEASE)
        assert await editor.problems("a.toml") == []
        editor.edit(
            "a.toml", types.Range(types.Position(2, 0), types.Position(2, 0)), "#" * 5_000_000
        )
        assert await editor.problems("a.toml") == []
        a = editor.document("a.toml")
        hover = types.HoverParams(a, place(LEASE, "30 days", 3))
        asked = editor.protocol.send_request(types.TEXT_DOCUMENT_HOVER, hover)
        editor.protocol.notify(
            types.CANCEL_REQUEST, types.CancelParams(next(iter(editor.protocol._request_futures)))
        )
        assert not asked.done() or asked.cancelled()
        why = await editor.text_document_hover_async(hover)
        assert "30 January 2035" in str(why)

        (folder / "pyproject.toml").write_text('[project]\nname = "x"\n')
        (folder / "b.toml").write_bytes(OTHER.replace("Payback", "R\xfcckzahlung").encode("cp1252"))
        editor.tell_of("b.toml", types.FileChangeType.Changed)
        await shows(editor, "b.toml", "not-utf8")
        (folder / "b.toml").unlink()
        editor.tell_of("b.toml", types.FileChangeType.Deleted)
        await shows(editor, "b.toml")

        editor.open("other/events.toml", 'id = "z"\n[[event]]\nid = "z"\nwhen = "2030-01-01"\n')
        await shows(editor, "other/events.toml", "missing-key")
        editor.edit("a.toml", None, LEASE.replace("5 years", "5 yeers"))
        await shows(editor, "a.toml", "expected")
        editor.edit("a.toml", None, LEASE)
        await shows(editor, "a.toml")

        editor.open("tracker.toml", '[[recipient]]\nnme = "legal"\n')
        await shows(editor, "tracker.toml", "unknown-key", "missing-key")

    talk(folder, say)
