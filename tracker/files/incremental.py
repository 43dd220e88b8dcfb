"""Files that change one at a time: what was read of the others goes on.

A part is an agreement with the files that state it: the one that has its id, and those that amend
it. Parts hang together only by the names in their lines. So after a change the parts that it
touches are read, and checked together with those that they name or that name them. Only where
something is wrong is everything read, since all that is wrong is to be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TypeAlias

from tracker.agreements.model import Agreement
from tracker.agreements.references import referenced_agreements
from tracker.files.cache import ParsedAgreement
from tracker.files.problems import FileErrors
from tracker.files.reader import assemble, has_id
from tracker.timeline.slugs import agreement_labels, slug_of
from tracker.timeline.validation import checks

_Digests: TypeAlias = tuple[bytes, ...]


def read_parsed(
    names: Sequence[str], contents: Sequence[bytes], before: Iterable[ParsedAgreement] = ()
) -> tuple[ParsedAgreement, ...]:
    """What those contents state; the parts that were there before are not read again.

    Raises FileErrors with everything that is wrong.
    """
    digests = [sha256(content).digest() for content in contents]
    known = {part.digests: part for part in before}
    if known:
        try:
            parts = _read_changed(names, contents, digests, known)
        except FileErrors:
            parts = None
        if parts is not None:
            return parts
    found = assemble(names, contents)
    owned: list[list[bytes]] = [[] for _ in found.agreements]
    for digest, owner in zip(digests, found.owners, strict=True):
        owned[owner].append(digest)
    return tuple(map(ParsedAgreement, map(tuple, owned), found.agreements))


def _read_changed(
    names: Sequence[str],
    contents: Sequence[bytes],
    digests: Sequence[bytes],
    known: Mapping[_Digests, ParsedAgreement],
) -> tuple[ParsedAgreement, ...] | None:
    """The same, where all of it is sound; None, or FileErrors, where it may not be."""
    begins = {one: not at for part in known for at, one in enumerate(part)}
    groups: list[list[int]] = []
    for at, digest in enumerate(digests):
        if digest not in begins:
            begins[digest] = has_id(names[at], contents[at])
        if begins[digest]:
            groups.append([at])
        elif groups:
            groups[-1].append(at)
        else:
            return None
    parts = []
    for group in groups:
        key = tuple(digests[at] for at in group)
        part = known.get(key)
        if part is None:
            of_it = [names[at] for at in group], [contents[at] for at in group]
            part = ParsedAgreement(key, assemble(*of_it, checked=False).agreements[0])
        parts.append(part)
    return tuple(parts) if _fit(parts, known) else None


def _fit(parts: Sequence[ParsedAgreement], known: Mapping[_Digests, ParsedAgreement]) -> bool:
    """Whether the parts are sound together; those that are known were, with one another."""
    agreements = {part.agreement.id: part.agreement for part in parts}
    labels = {label for one in agreements.values() for label in agreement_labels(one)}
    if len(agreements) < len(parts) or len(set(map(slug_of, labels))) < len(labels):
        return False
    new = {part.agreement.id for part in parts if part.digests not in known}
    kept = {part.digests for part in parts}
    gone = {part.agreement.id for key, part in known.items() if key not in kept}
    touched = _hanging_together(new | gone, agreements)
    return not checks.check([one for one in agreements.values() if one.id in touched])


def _hanging_together(some: set[str], agreements: Mapping[str, Agreement]) -> set[str]:
    """Those agreements with all that they name, or that name them, over however many steps."""
    beside: dict[str, set[str]] = {}
    for one in agreements.values():
        for other in referenced_agreements(one):
            beside.setdefault(one.id, set()).add(other)
            beside.setdefault(other, set()).add(one.id)
    found, newest = set(some), set(some)
    while newest:
        newest = {other for one in newest for other in beside.get(one, ())} - found
        found |= newest
    return found
