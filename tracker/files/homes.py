"""Which agreement each file states or amends; what it says of that itself is all that counts.

A file with an `id` states an agreement. One without amends the agreement that `amends` names, or
else the only one that is loaded. One that says nothing at all amends none: somebody's file was
emptied, and what stood in it is not to be taken for gone. In which order files are loaded makes no
difference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import PurePath
from typing import NamedTuple

from tracker.dates.diagnostics import Diagnostic, Suggestion

#: So many agreements are offered to choose from.
MOST_OFFERED = 5
#: Names are held against one another so often: nobody reads the thousandth suggestion.
MOST_COMPARED = 10_000


class Header(NamedTuple):
    """What a file says of the agreement that it is about."""

    id: object = None  #: as it stands there; None: it states no agreement
    amends: object = None
    is_empty: bool = False


def header_of(data: Mapping[str, object]) -> Header:
    """What a file's tables say of the agreement that it is about."""
    return Header(data.get("id"), data.get("amends"), not data)


def home_of_each(headers: Sequence[Header]) -> list[int | None]:
    """Of each file the number of the one that states its agreement; None where that is not known.

    >>> home_of_each([Header(amends="lease"), Header("deal"), Header("lease")])
    [2, 1, 2]
    >>> home_of_each([Header(), Header("deal")]), home_of_each([Header(), Header("a"), Header("b")])
    ([1, 1], [None, 1, 2])
    >>> home_of_each([Header(is_empty=True), Header("deal")])
    [None, 1]
    """
    stating: dict[str, int] = {}
    for number, header in enumerate(headers):
        if header.id is not None:
            stating.setdefault(str(header.id), number)
    only = next(iter(stating.values())) if len(stating) == 1 else None

    def home(number: int, header: Header) -> int | None:
        if header.id is not None:
            return number
        if header.is_empty:
            return None
        return only if header.amends is None else stating.get(str(header.amends))

    return [home(number, header) for number, header in enumerate(headers)]


def homeless(file: str, header: Header, known: Sequence[str], helped: bool) -> Diagnostic:
    """Why a file without an `id` has no agreement to amend, and what it could say.

    `known` are the agreements that are loaded; those most like a name come first, if `helped`.
    """
    of_its_own = Suggestion(f'id = "{name_like(file)}"', "agreement-of-its-own")
    if not known and header.amends is None:
        return Diagnostic("no-agreement", suggestions=(of_its_own,))
    name = PurePath(file).stem if header.amends is None else str(header.amends)
    cutoff = 0.0 if header.amends is None else 0.6
    near = get_close_matches(name[:60], known, n=MOST_OFFERED, cutoff=cutoff) if helped else ()
    offered = tuple(
        Suggestion(f'amends = "{agreement}"') for agreement in near or known[:MOST_OFFERED]
    )
    if header.amends is None:
        return Diagnostic("which-agreement", suggestions=(*offered, of_its_own))
    values = (("id", str(header.amends)),)
    return Diagnostic("unknown-agreement", values=values, suggestions=offered or (of_its_own,))


def name_like(file: str) -> str:
    """What the agreement in a file may be called: as the file is, else as its folder is.

    >>> name_like("agreements/mill-street.toml"), name_like("/home/Mill Street/events.toml")
    ('mill-street', 'mill-street')
    """
    from tracker.files.ids import id_like

    path = PurePath(file)
    names = [path.stem, path.parent.name]
    names.sort(key=lambda name: not re.search("[a-z]", name, re.IGNORECASE))  # in Latin letters
    likes = map(id_like, names)
    return next((name for name in likes if name not in (None, "events")), None) or "my-agreement"
