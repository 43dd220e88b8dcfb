"""The JSON Schema of tracker.toml, made from the keys that are read."""

from __future__ import annotations

from typing import Any

from tracker.config.keys import TABLES, WHERE
from tracker.files.toml_schema import object_shape, schema_of_tables
from tracker.i18n.translate import Language


def settings_schema(language: Language) -> dict[str, Any]:
    """The schema, with what each key means in that language."""
    schema = schema_of_tables("tracker", TABLES, language)
    return {**schema, "$defs": {"where": object_shape("where", WHERE, language)}}
