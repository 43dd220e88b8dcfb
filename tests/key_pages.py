"""The tables of docs/keys.md, made from the keys that are read; the words around them are people's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from tests.shipped import ROOT
from tracker.config.keys import TABLES, WHERE
from tracker.files.key_model import Key
from tracker.files.keys import AMENDMENT, EVENT, FILE, REMOVE, SOURCE
from tracker.i18n.translate import translate

_BLOCK = re.compile(r"(?s)<!-- keys: (\w+) -->\n.*?<!-- end -->")


def keys_page() -> str:
    """docs/keys.md with its tables as they are to be."""
    page = (ROOT / "docs" / "keys.md").read_text(encoding="utf-8")
    return _BLOCK.sub(
        lambda match: f"<!-- keys: {match[1]} -->\n\n{_BLOCKS[match[1]]()}\n\n<!-- end -->", page
    )


def table(name: str, keys: Iterable[Key]) -> str:
    """A row for each key."""
    rows = ["| key | what it means | what it holds | example |", "|---|---|---|---|"]
    for key in keys:
        meaning = translate("en", f"key.{name}.{key.name}")
        if key.required:
            meaning = f"{meaning} **Required.**"
        if key.default:
            meaning = f"{meaning} Default: `{key.default}`."
        kind = _as_code(translate("en", f"kind.{key.kind.name}"))
        example = key.example.splitlines()[-1]
        cells = (f"`{key.name}`", meaning, kind, f"`{example}`")
        escaped = (cell.replace("|", r"\|") for cell in cells)
        rows.append(f"| {' | '.join(escaped)} |")
    return "\n".join(rows)


def _as_code(text: str) -> str:
    """What stands in quotes is what the file has, and so is a table or a day."""
    return re.sub(r'\{ .+? \}|"[^"]+"(?:\.\.\S+")?|\b\d{4}-\d\d-\d\d\b', r"`\g<0>`", text)


def _settings() -> str:
    """A heading and a table for each table of tracker.toml."""
    parts = []
    for name, keys, is_many in TABLES:
        heading = f"### `[[{name}]]`" if is_many else f"### `[{name}]`"
        if not name:
            heading = "### The head of tracker.toml"
        said = translate("en", f"table.{name or 'tracker'}")
        parts += [heading, "", said, "", table(name or "tracker", keys), ""]
        if name == "recipient":
            said = translate("en", "table.where")
            parts += ["### `where` of a recipient", "", said, "", table("where", WHERE), ""]
    return "\n".join(parts).rstrip()


_BLOCKS: dict[str, Callable[[], str]] = {
    "file": lambda: table("file", FILE),
    "event": lambda: table("event", EVENT),
    "source": lambda: table("source", SOURCE),
    "amendment": lambda: table("amendment", AMENDMENT),
    "change": lambda: table("change", (REMOVE,)),
    "tracker": _settings,
}
