"""What an import writes: events below all that the file says, and keys of events that are there.

All else stays to the letter. Each event that changes is edited in its own part of the text, so that
ten thousand of them cost no more than the file is long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tracker.files.problems import KeyPath
from tracker.files.record_edits import EventFiles, FileEdit, toml_value
from tracker.files.toml_edits import NoRoom, append_table, quoted_key, remove_key, set_value
from tracker.files.toml_positions import outline

_BOM = b"\xef\xbb\xbf"


class TableEdit(NamedTuple):
    """Keys of one `[[event]]` of the file that change; None: the key is taken away."""

    number: int
    keys: Mapping[str, Any]


def edit_for_import(
    files: EventFiles,
    name: str,
    header: Mapping[str, object],
    edits: Sequence[TableEdit],
    new: Sequence[Mapping[str, object]],
) -> FileEdit:
    """The edit of one file; `header` begins it where it states nothing yet.

    Raises NoRoom where the events are written as one value, or a key as a table of its own.
    """
    before = files.contents[files.names.index(name)]
    text = files.text(name)
    end = "\r\n" if "\r\n" in text else "\n"
    after = _with_edits(text, edits) if edits else text
    lines = [f"{quoted_key(key)} = {toml_value(value)}" for key, value in header.items()]
    for fields in new:
        lines += ["", "[[event]]"] if lines else ["[[event]]"]
        lines += [f"{quoted_key(key)} = {toml_value(value)}" for key, value in fields.items()]
    if lines and not header:
        after = append_table(after, ["[[event]]"]).apply(after)[: -len(f"[[event]]{end}")]
    elif lines and after.strip():
        after += end if after.endswith("\n") else end * 2
    after += "".join(f"{line}\n" for line in lines).replace("\r\n", "\n").replace("\n", end)
    mark = _BOM if before.startswith(_BOM) else b""
    line = text.count("\n") + 1
    return FileEdit(name, before, mark + after.encode(), line, (), ())


def _with_edits(text: str, edits: Sequence[TableEdit]) -> str:
    """The text with those tables edited, each in its own part."""
    sections = _event_sections(text)
    pieces, last = [], 0
    for edit in sorted(edits, key=lambda edit: edit.number):
        if edit.number not in sections:
            raise NoRoom("event")
        start, stop = sections[edit.number]
        pieces += [text[last:start], _edit_section(text[start:stop], edit)]
        last = stop
    return "".join((*pieces, text[last:]))


def _edit_section(section: str, edit: TableEdit) -> str:
    table: KeyPath = ("event", 0)
    for key, value in edit.keys.items():
        if value is None:
            replacement = remove_key(section, table, key)
        else:
            replacement = set_value(section, table, key, toml_value(value))
        section = replacement.apply(section)
    return section


def _event_sections(text: str) -> dict[int, tuple[int, int]]:
    """Where each event's part begins and ends: its header, its keys and its inner tables."""
    _, headers = outline(text)
    sections: dict[int, tuple[int, int]] = {}
    for at, (start, path) in enumerate(headers):
        if path[0] == "event" and len(path) > 1 and isinstance(path[1], int):
            stop = headers[at + 1][0] if at + 1 < len(headers) else len(text)
            begin, end = sections.get(path[1], (start, stop))
            if path[2:] and end != start:  # its inner tables stand behind other events
                continue
            sections[path[1]] = (begin, stop)
    return sections
