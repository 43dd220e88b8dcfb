"""The names of files and addresses that tags and parties get."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256

from tracker.agreements.located import LocatedDiagnostic
from tracker.agreements.model import Agreement, Event
from tracker.dates.diagnostics import Diagnostic
from tracker.timeline.filters import Labels, Where

LONGEST = 60
_DIGITS = 8


@lru_cache(maxsize=4096)
def slug_of(name: str) -> str:
    """A name as `[a-z0-9-]`, at most 60 characters, the same for ever.

    Where letters were lost on the way, or too many are there, a digest of the whole name tells it
    from others.

    >>> slug_of("OpenAI Group PBC"), slug_of("Çelik & Söhne")
    ('openai-group-pbc', 'celik-sohne')
    >>> slug_of("知的財産")
    'x-49c76f78'
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    lost = any(char.isalnum() and not char.isascii() for char in letters)
    if slug and not lost and len(slug) <= LONGEST:
        return slug
    digest = sha256(name.encode()).hexdigest()[:_DIGITS]
    return f"{slug[: LONGEST - _DIGITS - 1].strip('-') or 'x'}-{digest}"


def agreement_labels(agreement: Agreement) -> frozenset[str]:
    """Every tag and party of an agreement, in any view of it."""
    labels = {label for event in agreement.events for label in (*event.tags, *event.parties)}
    for amendment in agreement.amendments:
        for change in amendment.changes:
            for name, value in change.sets:
                if name in ("tags", "parties") and isinstance(value, tuple):
                    labels.update(value)
    return frozenset(labels)


def names_of(labels: Iterable[Labels]) -> dict[str, tuple[str, str]]:
    """Every tag and party by its slug, with what it is: tag or party.

    That no two have one slug is slug_diagnostics()'s to see to.
    """
    by_slug: dict[str, tuple[str, str]] = {}
    for labelled in labels:
        for tag in labelled.tags:
            by_slug.setdefault(slug_of(tag), ("tag", tag))
        for party in labelled.parties:
            by_slug.setdefault(slug_of(party), ("party", party))
    return dict(sorted(by_slug.items()))


def where_of(kind: str, name: str) -> Where:
    """The choice of what has that tag, or concerns that party."""
    return Where(tags=(name,)) if kind == "tag" else Where(parties=(name,))


def slug_diagnostics(events: Iterable[Event]) -> Iterator[LocatedDiagnostic]:
    """Tags and parties that would share one file name and address, each told once."""
    owners: dict[str, tuple[str, str]] = {}
    told: set[tuple[str, str]] = set()
    for event in events:
        for field, names in (("parties", event.parties), ("tags", event.tags)):
            for name in names:
                if (field, name) in told:
                    continue
                told.add((field, name))
                slug = slug_of(name)
                owner = owners.setdefault(slug, (field, name))
                if owner != (field, name):
                    values = (("name", name), ("slug", slug), ("other", owner[1]))
                    yield LocatedDiagnostic(Diagnostic("slug-twice", values=values), event, field)
