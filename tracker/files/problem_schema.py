"""The JSON Schema of what `tracker check --format json` prints, draft 2020-12.

Keys may be added one day, and a reader passes over what it does not know; none is taken away.
"""

from __future__ import annotations

from typing import Any


def _number(description: str) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "description": description}


_REGION = {
    "line": _number("The line where it begins, from 1."),
    "column": _number("The column where it begins, in characters, from 1."),
    "end_line": _number("The line where it ends."),
    "end_column": _number("The column behind its last character."),
}

_EDIT = {
    "type": "object",
    "description": "What carries out one suggestion: `new` in place of what stands there.",
    "properties": {
        "title": {"type": "string", "description": "How it is called."},
        **_REGION,
        "new": {"type": "string", "description": "What comes in its place, as TOML."},
    },
    "required": ["title", *_REGION, "new"],
}

_PROBLEM = {
    "type": "object",
    "properties": {
        "file": {"type": "string", "description": "The file, as it was named."},
        **{
            name: {"anyOf": [shape, {"type": "null"}], "description": shape["description"]}
            for name, shape in _REGION.items()
        },
        "severity": {
            "enum": ["error", "warning", "note"],
            "description": "Errors refuse the file, warnings under --strict, notes never.",
        },
        "case": {
            "type": "string",
            "description": "The kind of problem, the same in each language.",
        },
        "message": {"type": "string", "description": "What is wrong, in the language asked for."},
        "write": {
            "type": "array",
            "items": {"type": "string"},
            "description": "What can be written instead, each whole.",
        },
        "edits": {"type": "array", "items": _EDIT},
    },
    "required": ["file", *_REGION, "severity", "case", "message", "write", "edits"],
}

PROBLEMS_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "What tracker check --format json prints",
    "type": "array",
    "items": _PROBLEM,
}
