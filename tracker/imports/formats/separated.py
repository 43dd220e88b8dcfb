"""Rows of text whose cells are parted by commas, semicolons, tabs or bars: .csv, .tsv, .txt."""

from __future__ import annotations

from tracker.imports.foreign import ForeignContent, ForeignFile, Wishes
from tracker.imports.sheets.reading import read_tables
from tracker.imports.sheets.separated import SEPARATORS, read_separated
from tracker.imports.sheets.settings import settings_of

#: Nothing but a comma tells a sheet from a letter: all other formats are asked first.
TAKES_ANY_TEXT = True
_NAMES = (".csv", ".tsv", ".tab", ".txt")
#: What is called so is none, though it has commas.
_NO_SHEETS = (".json", ".yml", ".yaml", ".toml", ".xml", ".html", ".md")
_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
#: How files begin that are no text: pictures, PDF, archives, programs, media.
_NO_TEXT = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!",
    b"\x7fELF", b"MZ", b"RIFF", b"\x00\x00\x00", b"ID3", b"OggS", b"SQLite format", b"\xfd7zXZ",
    b"{\\rtf",
)  # fmt: skip


def recognises(file: ForeignFile) -> bool:
    """Whether it is a text that has a separator, or is named as one."""
    if file.content.startswith(_NO_TEXT):
        return False
    if file.ending in _NAMES or file.content.startswith(_MARKS):
        return True
    head = file.content[:20_000]
    return (
        file.ending not in _NO_SHEETS
        and not _is_markup(head)
        and any(sign.encode() in head for sign in SEPARATORS)
    )


def _is_markup(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{", b"[")


def read_foreign(file: ForeignFile, wishes: Wishes) -> ForeignContent:
    """The events that its rows are. Raises Unreadable."""
    settings = settings_of(wishes)
    encoding, separator = settings.of_file.get("encoding"), settings.of_file.get("separator")
    table = read_separated(file.content, encoding, separator)
    return read_tables([table], settings, wishes)
