"""The YAML of which endoflife.date makes its answers: the head of `products/python.md`.

It becomes what the answer of its interface v1 holds, so that one reader reads both.
"""

from __future__ import annotations

import re
from typing import Any

from tracker.imports.foreign import ForeignFile
from tracker.imports.json_tables import JsonTable, JsonText, read_json
from tracker.imports.yaml_tables import YamlTable, read_yaml

#: How YAML says a flag (YAML 1.2, section 10.3.2); its reader gives every scalar as its text.
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
#: Its keys as v1 has them: where it is a day, and where a flag.
_IN_V1 = {
    "releaseCycle": ("name", "name"),
    "lts": ("ltsFrom", "isLts"),
    "eoas": ("eoasFrom", "isEoas"),
    "discontinued": ("discontinuedFrom", "isDiscontinued"),
    "eol": ("eolFrom", "isEol"),
    "eoes": ("eoesFrom", "isEoes"),
}
_DEEPEST = 4


def read_versions(file: ForeignFile, called: str) -> JsonText:
    """What a file in JSON or YAML states, a product as v1 does; `called` is one without a name.

    Raises Unreadable.

    >>> text = (
    ...     b"permalink: /python\\nreleases:\\n- releaseCycle: 3.10\\n  eol: 2026-10-31\\n  lts: no"
    ... )
    >>> read_versions(ForeignFile("python.md", text), "x").value["result"]["releases"]
    [{'name': '3.10', 'eolFrom': '2026-10-31', 'ltsFrom': 'no'}]
    """
    if file.is_json:
        stated, broken = read_json(file)
    else:
        value, broken, _ = read_yaml(file)
        stated = _as_json(value)
    if isinstance(stated, JsonTable) and isinstance(stated.get("releases"), list):
        stated = JsonTable({"result": _product(stated, called)})
    return JsonText(stated, broken)


def _as_json(value: Any, depth: int = 0) -> Any:
    if isinstance(value, list):
        return [_as_json(part, depth + 1) for part in value] if depth < _DEEPEST else []
    if isinstance(value, YamlTable):
        table = JsonTable()
        if depth < _DEEPEST:
            table.update({key: _as_json(part, depth + 1) for key, part in value.items()})
        table.doubled = value.doubled
        return table
    return _FLAGS.get(value, value) if isinstance(value, str) else value


def _product(stated: JsonTable, called: str) -> JsonTable:
    link = stated.get("permalink")
    name = link.strip("/") if isinstance(link, str) else ""
    template = stated.get("releaseLabel")
    releases = [_release(part, template) for part in stated["releases"]]
    return JsonTable(
        {"name": name or called, "label": stated.get("title"), "releases": releases},
    )


def _release(stated: Any, template: Any) -> Any:
    if not isinstance(stated, JsonTable):
        return stated
    release = JsonTable()
    release.doubled = stated.doubled
    for key, value in stated.items():
        day, flag = _IN_V1.get(key, (key, key))
        release[flag if isinstance(value, bool) else day] = value
    label = release.pop("releaseLabel", template)
    if isinstance(label, str) and not re.search("[{<]", label):  # no template within the template
        named = label.replace("__RELEASE_CYCLE__", str(release.get("name") or ""))
        release["label"] = named.replace("__CODENAME__", str(release.get("codename") or ""))
    return release
