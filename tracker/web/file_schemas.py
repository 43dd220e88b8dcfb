"""The schemas of the files that people write, as they are published beside the feeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from tracker.config.settings_schema import settings_schema
from tracker.files.toml_schema import events_schema

#: By the name of the file in a published site; below `/api/` where it is served. In English: who
#: reads them is an editor.
FILE_SCHEMAS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "schema/events.schema.json": partial(events_schema, "en"),
    "schema/tracker.schema.json": partial(settings_schema, "en"),
}
