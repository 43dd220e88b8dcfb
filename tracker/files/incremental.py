"""Files that change one at a time: what was read of the others goes on.

A part is an agreement with the files that state it: the one that has its id, and those that amend
it. Parts hang together only by the names in their lines. So after a change the parts that it
touches are read, and checked together with those that they name or that name them. Only where
something is wrong is everything read, since all of it is reported at once.
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
    files = assemble(names, contents)
    owned: list[list[bytes]] = [[] for _ in files.agreements]
    for digest, owner in zip(digests, files.owners, strict=True):
        owned[owner].append(digest)
    return tuple(map(ParsedAgreement, map(tuple, owned), files.agreements))


def _read_changed(
    names: Sequence[str],
    contents: Sequence[bytes],
    digests: Sequence[bytes],
    known: Mapping[_Digests, ParsedAgreement],
) -> tuple[ParsedAgreement, ...] | None:
    """The same, where all of it is sound; None, or FileErrors, where it may not be."""
    begins = {digest: number == 0 for key in known for number, digest in enumerate(key)}
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
            its_names, its_contents = [names[at] for at in group], [contents[at] for at in group]
            files = assemble(its_names, its_contents, check=False)
            part = ParsedAgreement(key, files.agreements[0])
        parts.append(part)
    return tuple(parts) if _fit(parts, known) else None


def _fit(parts: Sequence[ParsedAgreement], known: Mapping[_Digests, ParsedAgreement]) -> bool:
    """Whether the parts are sound together; those that are known were, with one another."""
    agreements = {part.agreement.id: part.agreement for part in parts}
    labels = {label for agreement in agreements.values() for label in agreement_labels(agreement)}
    if len(agreements) < len(parts) or len(set(map(slug_of, labels))) < len(labels):
        return False
    new = {part.agreement.id for part in parts if part.digests not in known}
    present = {part.digests for part in parts}
    gone = {part.agreement.id for key, part in known.items() if key not in present}
    touched = _hanging_together(new | gone, agreements)
    return not checks.check([agreements[name] for name in agreements if name in touched])


def _hanging_together(ids: set[str], agreements: Mapping[str, Agreement]) -> set[str]:
    """Those agreements with all that they name, or that name them, over however many steps."""
    beside: dict[str, set[str]] = {}
    for agreement in agreements.values():
        for neighbour in referenced_agreements(agreement):
            beside.setdefault(agreement.id, set()).add(neighbour)
            beside.setdefault(neighbour, set()).add(agreement.id)
    reached, newest = set(ids), set(ids)
    while newest:
        newest = {neighbour for name in newest for neighbour in beside.get(name, ())} - reached
        reached |= newest
    return reached
