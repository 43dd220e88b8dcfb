"""Which points a feed shows: the filters of a call, and how many points are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.i18n.translate import Language, comma_list, translate

if TYPE_CHECKING:
    from tracker.feeds.calendar import Publication
    from tracker.feeds.query import FeedChoice

OfParty = Annotated[list[str] | None, typer.Option("--party", metavar="NAME")]
OfTag = Annotated[list[str] | None, typer.Option("--tag", metavar="NAME")]
OfId = Annotated[list[str] | None, typer.Option("--id", metavar="ID")]


def feed_query(
    parties: list[str] | None, tags: list[str] | None, ids: list[str] | None
) -> list[tuple[str, str]]:
    """The filters of a call, as parameters of an address."""
    filters = (("party", parties), ("tag", tags), ("id", ids))
    return [(name, value) for name, values in filters for value in values or ()]


def points_summary(published: Publication, choice: FeedChoice, language: Language) -> str:
    """How many points are in the feed, and how many are not, and why."""
    from tracker.feeds.omitted import counts_by_reason, shown_and_omitted

    shown, omitted = shown_and_omitted(published, choice)
    sentences = [translate(language, "feed.shown", count=shown)]
    for reason, count in counts_by_reason(omitted).items():
        sentences.append(translate(language, f"feed.left-out.{reason}", count=count))
    return comma_list(sentences, language)
