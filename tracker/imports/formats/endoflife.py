"""endoflife.date: when versions of a product come out, and until when they are supported.

Both of its interfaces: the old one, a list of cycles (`/api/python.json`, or a cycle of it), and v1
(`/api/v1/products/python`, a release of it, or all in full); and the YAML of which it makes both,
the head of `products/python.md`, as those who keep a list of their own have it. A flag is no day:
what is not over yet is open, and what is over without a day is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from tracker.files.ids import id_like
from tracker.imports.findings import EntryReading, Findings
from tracker.imports.foreign import (
    ForeignContent,
    ForeignEvent,
    ForeignFile,
    ForeignPlace,
    Unreadable,
    Wishes,
)
from tracker.imports.json_tables import JsonTable
from tracker.imports.product_yaml import read_versions
from tracker.imports.texts import one_line


class _Milestone(NamedTuple):
    """What an entry states of a version: under which keys, as which event."""

    name: str  #: of the event: what its id ends with
    title: str
    old: str  #: its key in the old interface: a day, or whether it is so
    day: str  #: its day in v1
    flag: str = ""  #: whether it has come, in v1
    over: bool = True  #: what the old key says once it has come: `support = false`


_MILESTONES = (
    _Milestone("release", "release", "releaseDate", "releaseDate"),
    _Milestone("lts", "long-term support begins", "lts", "ltsFrom"),
    _Milestone("support-end", "end of active support", "support", "eoasFrom", "isEoas", over=False),
    _Milestone(
        "discontinued", "discontinued", "discontinued", "discontinuedFrom", "isDiscontinued"
    ),
    _Milestone("eol", "end of life", "eol", "eolFrom", "isEol"),
    _Milestone(
        "extended-end",
        "end of extended support",
        "extendedSupport",
        "eoesFrom",
        "isEoes",
        over=False,
    ),
)
_KNOWN = {
    "cycle", "name", "label", "codename", "isLts", "releaseLabel",
    *(key for kind in _MILESTONES for key in (kind.old, kind.day, kind.flag)),
}  # fmt: skip


def recognises(file: ForeignFile) -> bool:
    """Whether it holds cycles of the old interface or of the YAML, or is an answer of v1."""
    keys = file.keys
    if {"schema_version", "result"} <= keys or {"releases", "releaseCycle"} <= keys:
        return True
    return not keys.isdisjoint(("eol", "releaseDate")) and not keys.isdisjoint(("cycle", "latest"))


def read_foreign(file: ForeignFile, wishes: Wishes) -> ForeignContent:
    """Its release, end of support, end of life and so on of each version, as events."""
    value, broken = read_versions(file, _path(file)[-1])
    findings = Findings()
    number = 0
    title = None
    for number, (product, version) in enumerate(_versions(file, value), 1):
        title = title or product.label
        place = ForeignPlace("entry", number)
        _read_version(product, version, EntryReading(wishes, findings, place))
    if broken is not None:
        findings.leave_out("…", "broken", broken)
    if not number:
        raise Unreadable("endoflife-no-versions")
    return findings.content(title)


class _Product(NamedTuple):
    name: str
    label: str
    url: str | None = None


def _versions(file: ForeignFile, value: Any) -> Iterator[tuple[_Product, Any]]:
    """Each version with its product: of the old interface, the file's name says which it is."""
    *before, last = _path(file)
    before = before or [last]
    if isinstance(value, dict) and "result" in value:
        for result in value["result"] if isinstance(value["result"], list) else [value["result"]]:
            if not isinstance(result, dict):
                continue
            if isinstance(result.get("releases"), list):
                product = _product(result)
                yield from ((product, version) for version in result["releases"])
            elif "eolFrom" in result or "releaseDate" in result:
                yield _product_called(before[-1]), result
    elif isinstance(value, dict):
        if "eol" in value or "releaseDate" in value:  # /api/python/3.12.json
            yield _product_called(before[-1]), JsonTable({"cycle": last} | value)
    elif isinstance(value, list):
        yield from ((_product_called(last), version) for version in value)


def _product(table: dict[str, Any]) -> _Product:
    name = one_line(table.get("name") or "product", 60)
    links = table.get("links")
    url = links.get("html") if isinstance(links, dict) else None
    label = table.get("label")
    return _Product(
        name,
        one_line(label, 80) if isinstance(label, str) and label else name,
        url if isinstance(url, str) and url.startswith("https://") and len(url) < 300 else None,
    )


def _path(file: ForeignFile) -> list[str]:
    """The parts of its address that name something: at least a product and a version."""
    path = re.split(r"[?#]", file.name)[0] if "://" in file.name else file.name
    path = re.sub(r"(?i)\.(?:json|ya?ml|md)(?:\.gz)?$", "", path)
    parts = [part for part in re.split(r"[/\\]", path) if part]
    return ["product", *(part for part in parts if part not in ("releases", "products"))]


def _product_called(name: str) -> _Product:
    plain = one_line(name, 60) or "product"
    return _Product(plain, plain)


def _read_version(product: _Product, version: Any, at: EntryReading) -> None:
    if not isinstance(version, dict):
        at.leave_out(one_line(version, 40), "no-entry")
        return
    cycle = version.get("cycle", version.get("name"))
    if (
        not isinstance(cycle, str | int | float)
        or isinstance(cycle, bool)
        or not str(cycle).strip()
    ):
        at.leave_out("cycle", "no-name")
        return
    if isinstance(version, JsonTable) and (version.is_cut or version.doubled):
        at.leave_out_unsound(one_line(f"{product.label} {cycle}", 80), version)
        return
    label = _label(version, str(cycle))
    for kind in _MILESTONES:
        _read_milestone(kind, product, (str(cycle), label), version, at)
    for key in version:
        if key not in _KNOWN and version[key] not in (None, "", False, {}):
            at.leave_out(one_line(key, 40), "no-place")


def _label(version: dict[str, Any], cycle: str) -> str:
    """As people call the version: v1 has that; in the old interface, with its code name."""
    label = version.get("label")
    if isinstance(label, str) and label.strip():
        return one_line(label, 80)
    codename = version.get("codename")
    return one_line(
        f"{cycle} ({codename})" if isinstance(codename, str) and codename else cycle, 80
    )


def _read_milestone(
    kind: _Milestone,
    product: _Product,
    names: tuple[str, str],
    version: dict[str, Any],
    at: EntryReading,
) -> None:
    """One event of a version, where there is anything to say of it."""
    cycle, label = names
    stated, has_come = _day_or_flag(kind, version)
    if stated is None and has_come is None:
        return
    title = one_line(f"{product.label} {label}: {kind.title}")
    when: str
    records: tuple[tuple[str, object], ...] = ()
    if stated is None:
        if has_come:
            key = kind.flag if kind.flag in version else kind.old
            at.leave_out(title, "over-without-day", key=key)
            return
        when = "open"
    else:
        day = _day(stated)
        if day is None:
            at.leave_out(title, "no-day", value=one_line(stated, 60))
            return
        when = day.isoformat()
        if day <= at.wishes.as_of:  # it comes by its own day, and nobody else will say so
            records = (("occurred", day),)
    ident = id_like(f"{product.name}-{cycle}-{kind.name}")
    fields: list[tuple[str, object]] = [] if ident is None else [("id", ident)]
    fields += [("when", when), *records]
    if version.get("isLts") is True or version.get("lts") is True:
        fields.append(("tags", ["lts"]))
    fields += [("url", product.url)] if product.url else []
    foreign_id = f"endoflife.date/{product.name}/{one_line(cycle, 60)}#{kind.name}"
    event = ForeignEvent(foreign_id, title, tuple(fields), at.place)
    since = at.wishes.since
    if since is not None and when != "open" and when < since.isoformat():
        at.findings.leave_out_over(event, since)
    else:
        at.findings.add(event)


def _day_or_flag(kind: _Milestone, version: dict[str, Any]) -> tuple[object, bool | None]:
    """Its day as it is written, and whether it has come, where it says either."""
    old, day = version.get(kind.old), version.get(kind.day)
    flag = version.get(kind.flag) if kind.flag else None
    if kind.name == "lts":  # a flag says that it is one, and of no day
        old = None if isinstance(old, bool) else old
    if day is not None:
        return day, None
    if isinstance(old, bool):
        return None, old if kind.over else not old
    if old is not None:
        return old, None
    return None, flag if isinstance(flag, bool) else None


def _day(value: object) -> date | None:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        return None
