"""What damaged archives raise: each way of packing has an error of its own."""

from __future__ import annotations

import lzma
import zipfile
import zlib

DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, KeyError, ValueError, OSError, EOFError,
    NotImplementedError, RuntimeError,
)  # fmt: skip
