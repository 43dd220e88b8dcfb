"""Parsed files, kept so that a command need not parse them again.

Keyed by the content of all files that were loaded together, never by name or time, so an edit of
one letter is seen at once. What is kept is what the files say: never an answer, nothing resolved.
The form is marshal's: plain tuples, strings and numbers, nothing that could run. It trusts its
bytes, so the folder must be ours alone (0700) and each file carries a checksum.
"""

from __future__ import annotations

import marshal
import os
import re
import sys
import zlib
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tracker import __version__
from tracker.agreements.model import Agreement
from tracker.files.cache_codec import CLASS_FIELDS, decode, encode, is_agreement
from tracker.files.reading import MOST_OWN_BYTES, read_regular_file

#: Raised whenever what is kept, or how a file is read, changes.
FORMAT = 9
KEPT = 32
#: A key, what is kept under one, or a draft of either: SHA-256 in hexadecimal.
_OWN_NAME = re.compile(r"(?:last-)?[0-9a-f]{64}(?:\.[0-9]+)?")


class ParsedAgreement(NamedTuple):
    """An agreement, and the SHA-256 of each of its files, first of the one that states it."""

    digests: tuple[bytes, ...]
    agreement: Agreement


def cache_key(contents: Sequence[bytes]) -> str:
    """The name under which these contents, in this order, are kept by this program."""
    digest = sha256(f"{__version__} {FORMAT} {sys.version}".encode() + CLASS_FIELDS)
    for content in contents:
        digest.update(b"%d:" % len(content))
        digest.update(content)
    return digest.hexdigest()


def _last(names: Sequence[str]) -> str:
    """The name under which the key is kept of what files with those names stated last."""
    return "last-" + sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()


def _is_sound(part: ParsedAgreement) -> bool:
    """Whether it is what the model says, as far as is seen at a glance."""
    digests = part.digests
    is_named = type(digests) is tuple and {type(digest) for digest in digests} <= {bytes}
    return is_named and is_agreement(part.agreement)


def _checksum(body: bytes) -> bytes:
    """Of what this program has written; another one's, with other classes, has another."""
    return zlib.crc32(body, zlib.crc32(CLASS_FIELDS)).to_bytes(4, "big")


class Cache:
    """The folder of parsed files. Whatever is wrong with it, it is only slower without."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> tuple[ParsedAgreement, ...] | None:
        """What was kept under that key, None where nothing (or nothing sound) is there."""
        # Whatever is wrong with what is kept, the files themselves are there to be read.
        with suppress(Exception):
            if not self._is_ours():
                return None
            data = read_regular_file(self.folder / key, MOST_OWN_BYTES)
            if data[:4] == _checksum(data[4:]):
                kept = marshal.loads(data[4:])  # noqa: S302 - the folder is ours alone
                parts = tuple(ParsedAgreement(digests, decode(plain)) for digests, plain in kept)
                if all(map(_is_sound, parts)):
                    return parts
        return None

    def last(self, names: Sequence[str]) -> tuple[ParsedAgreement, ...]:
        """What was kept of files with those names before; nothing where that is not known."""
        with suppress(OSError, ValueError):
            if self._is_ours():
                key = read_regular_file(self.folder / _last(names)).decode("ascii")
                return self.get(key) or ()
        return ()

    def put(self, key: str, names: Sequence[str], parts: Sequence[ParsedAgreement]) -> None:
        """Keeps the parts, whole or not at all, and lets go of the oldest."""
        # ValueError: marshal takes nothing that is nested too deep for it.
        with suppress(OSError, ValueError, RecursionError):
            body = marshal.dumps([(part.digests, encode(part.agreement)) for part in parts])
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self._is_ours():
                return
            self._write(key, _checksum(body) + body)
            if len(parts) > 1:
                self._write(_last(names), key.encode("ascii"))
            self._let_go_of_the_oldest()

    def forget(self) -> None:
        """Lets go of all that is kept: it may be what was at fault."""
        with suppress(OSError):
            for file in self.folder.iterdir():
                if self._is_ours() and _OWN_NAME.fullmatch(file.name):
                    file.unlink(missing_ok=True)

    def _let_go_of_the_oldest(self) -> None:
        """Of what has our names alone: the folder may be another program's as well."""
        own = [file for file in self.folder.iterdir() if _OWN_NAME.fullmatch(file.name)]
        for old in sorted(own, key=lambda file: -file.stat().st_mtime)[KEPT:]:
            old.unlink(missing_ok=True)

    def _write(self, name: str, content: bytes) -> None:
        draft = self.folder / f"{name}.{os.getpid()}"
        draft.write_bytes(content)
        draft.replace(self.folder / name)

    def _is_ours(self) -> bool:
        status = self.folder.stat()
        return status.st_uid == os.getuid() and not status.st_mode & 0o077
