"""The JSON Schemas of files that people write, made from the keys that the loader knows.

Draft 2020-12, of which Taplo (Even Better TOML) reads what stands here. A TOML day is a text there.
What a value means beyond its shape (which lines of dates there are, which ids) the loader checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tracker.files.key_model import Key, Shape
from tracker.files.keys import AMENDMENT, CHANGE, EVENT, FILE, REMOVE, SOURCE
from tracker.i18n.translate import Language, translate

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
#: One of which an event states.
_STATES = ("when", "starts", "ends", "lasts", "started", "ended")


def events_schema(language: Language) -> dict[str, Any]:
    """The schema of events.toml, with what each key means in that language."""
    top = object_shape("file", FILE, language)
    properties = {
        **top.pop("properties"),
        "sources": {
            **described("sources", language),
            "type": "object",
            "additionalProperties": {"$ref": "#/$defs/source"},
        },
        "event": _tables("event", language),
        "amendment": _tables("amendment", language),
    }
    amendment = object_shape("amendment", AMENDMENT, language)
    amendment["properties"]["event"] = _tables("change", language)
    changed = [key._replace(required=key.name == "id") for key in CHANGE]
    change = object_shape("event", changed, language)
    change["properties"]["remove"] = key_shape("change", REMOVE, language)
    states = [{"required": [name]} for name in _STATES]
    return {
        **_head("events", language),
        **top,
        "properties": properties,
        "not": {"required": ["id", "amends"]},
        "$defs": {
            "source": object_shape("source", SOURCE, language),
            "event": {**object_shape("event", EVENT, language), "anyOf": states},
            "amendment": amendment,
            "change": change,
        },
    }


def schema_of_tables(
    name: str, tables: Sequence[tuple[str, Sequence[Key], bool]], language: Language
) -> dict[str, Any]:
    """The schema of a file of tables: each with its name, its keys, and whether it is one of many.

    The keys of the one without a name stand at the head of the file.
    """
    schema = {**_head(name, language), **object_shape("", (), language)}
    for table, keys, is_many in tables:
        shape = object_shape(table or name, keys, language)
        if not table:
            schema["properties"].update(shape["properties"])
            continue
        said = described(table, language)
        if is_many:
            schema["properties"][table] = {**said, "type": "array", "items": shape}
        else:
            schema["properties"][table] = {**said, **shape}
    return schema


def object_shape(table: str, keys: Iterable[Key], language: Language) -> dict[str, Any]:
    """A table that has those keys and no others."""
    keys = tuple(keys)
    shape: dict[str, Any] = {
        "type": "object",
        "properties": {key.name: key_shape(table, key, language) for key in keys},
        "additionalProperties": False,
    }
    if required := [key.name for key in keys if key.required]:
        shape["required"] = required
    return shape


def key_shape(table: str, key: Key, language: Language) -> Shape:
    """What a key holds, and what it means."""
    meaning = translate(language, f"key.{table}.{key.name}")
    written = translate(language, f"kind.{key.kind.name}")
    example = key.example.splitlines()[-1]
    return {"description": f"{meaning}\n\n{written}\n\n{example}", **key.kind.shape}


def described(table: str, language: Language) -> dict[str, Any]:
    """What a table is for."""
    return {"description": translate(language, f"table.{table}")}


def _tables(name: str, language: Language) -> dict[str, Any]:
    return {
        **described(name, language),
        "type": "array",
        "items": {"$ref": f"#/$defs/{name}"},
    }


def _head(name: str, language: Language) -> dict[str, Any]:
    return {"$schema": _DRAFT, "title": translate(language, f"schema.{name}")}
