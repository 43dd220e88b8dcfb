"""Files that change one at a time: what was read of the others goes on.

A part is an agreement with the files that say it: first the one that states it, then those that
amend it. Parts hang together only by the names in their lines. So after a change the parts that it
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
from tracker.files.homes import Header, home_of_each
from tracker.files.problems import FileErrors
from tracker.files.reader import assemble, read_header
from tracker.i18n.progress import Progress, unseen
from tracker.timeline.slugs import agreement_labels, slug_of
from tracker.timeline.validation import checks

_Digests: TypeAlias = tuple[bytes, ...]


def read_parsed(
    names: Sequence[str],
    contents: Sequence[bytes],
    before: Iterable[ParsedAgreement] = (),
    progress: Progress = unseen,
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
    files = assemble(names, contents, progress=progress)
    return tuple(
        ParsedAgreement(tuple(digests[at] for at in numbers), agreement)
        for numbers, agreement in zip(files.files, files.agreements, strict=True)
    )


def _read_changed(
    names: Sequence[str],
    contents: Sequence[bytes],
    digests: Sequence[bytes],
    known: Mapping[_Digests, ParsedAgreement],
) -> tuple[ParsedAgreement, ...] | None:
    """The same, where all of it is sound; None, or FileErrors, where it may not be."""
    headers = _known_headers(known)
    for at, digest in enumerate(digests):
        if digest not in headers:
            headers[digest] = read_header(names[at], contents[at])
    homes = home_of_each([headers[digest] for digest in digests])
    if None in homes:
        return None
    groups = {at: [at] for at, home in enumerate(homes) if home == at}
    for at, home in enumerate(homes):
        if home is not None and home != at:
            groups[home].append(at)
    parts = []
    for group in groups.values():
        key = tuple(digests[at] for at in group)
        part = known.get(key)
        if part is None:
            its_names, its_contents = [names[at] for at in group], [contents[at] for at in group]
            files = assemble(its_names, its_contents, check=False)
            part = ParsedAgreement(key, files.agreements[0])
        parts.append(part)
    return tuple(parts) if _fit(parts, known) else None


def _known_headers(known: Mapping[_Digests, ParsedAgreement]) -> dict[bytes, Header]:
    """What the files that are known say of their agreement.

    Beside a single agreement, a file that amends it need not have named it: it is looked at again.
    """
    headers = {digests[0]: Header(id=part.agreement.id) for digests, part in known.items()}
    if len(known) > 1:
        for digests, part in known.items():
            headers |= {digest: Header(amends=part.agreement.id) for digest in digests[1:]}
    return headers


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
