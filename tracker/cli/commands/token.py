"""`tracker token`: secret links to the page, the feeds and the API."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

import typer

from tracker.cli.feed_filters import OfId, OfParty, OfTag, feed_query
from tracker.cli.inputs import load_agreements, load_config, timeline_of
from tracker.cli.ledger import open_ledger
from tracker.cli.options import CallError, Request
from tracker.cli.output import print_json
from tracker.i18n.columns import pad, width_of
from tracker.i18n.directions import isolate
from tracker.i18n.translate import Language, comma_list, translate

if TYPE_CHECKING:
    from tracker.config import Config
    from tracker.store.secret_links import LinkParameters, LinkRegistry, Permission, SecretLink

ACTIONS = ("add", "list", "widen", "revoke")
#: What stands before a secret where tracker.toml does not say where the page is.
NEAR = "http://127.0.0.1:8765"
MayDo = Annotated[str | None, typer.Option("--may", metavar="read|write", show_default=False)]


def command(  # noqa: PLR0917 - what an address takes, a call takes
    request: Request,
    action: Annotated[str, typer.Argument(metavar="add|list|widen|revoke", show_default=False)],
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", show_default=False)] = None,
    of_party: OfParty = None,
    of_tag: OfTag = None,
    of_id: OfId = None,
    may: MayDo = None,
) -> None:
    from tracker.store.database import LedgerError
    from tracker.store.secret_links import LinkRegistry

    if action not in ACTIONS:
        raise CallError("query.value", parameter="token", allowed=" | ".join(ACTIONS))
    filters = tuple(feed_query(of_party, of_tag, of_id))
    if action == "list" and (name is not None or filters):
        raise CallError("call.unexpected")
    if action != "list" and not (name or "").strip():
        raise CallError("call.missing", option="NAME", usage=f"tracker token {action} NAME")
    if action == "add" and not str(name).isprintable():
        raise CallError("token.name")
    if (action in {"widen", "revoke"} and filters) or (action != "add" and may is not None):
        raise CallError("call.unexpected")
    if may not in {None, "read", "write"}:
        raise CallError("query.value", parameter="--may", allowed="read | write")
    if may == "write" and filters:  # what follows from an edit may lie beyond what a link shows
        raise CallError("token.writes-all")
    try:
        config = load_config(request)
        writes = action == "add"
        with closing(open_ledger(config.database, request.language, writes=writes)) as database:
            links = LinkRegistry(database)
            if action == "add":
                _add(
                    links,
                    str(name),
                    filters,
                    request,
                    config,
                    may="write" if may == "write" else "read",
                )
            elif action == "widen":
                _widen(links, str(name), request)
            elif action == "revoke":
                _revoke(links, str(name), request)
            else:
                agreements = [agreement.id for agreement in load_agreements(request)]
                _list(links.all(agreements), agreements, request)
    except LedgerError as error:
        raise CallError(error.name, **error.values) from None


def _add(
    links: LinkRegistry,
    name: str,
    filters: LinkParameters,
    request: Request,
    config: Config,
    *,
    may: Permission,
) -> None:
    """Makes a link and shows it, once: nothing but its hash is kept."""
    from tracker import clock
    from tracker.feeds.query import filter_values
    from tracker.timeline.filters import labels_of

    if filters:
        known = filter_values([labels_of(event) for event in timeline_of(request).events])
        for parameter, value in filters:
            if value not in known[parameter]:
                allowed = " | ".join(known[parameter])
                raise CallError("query.value", parameter=f"--{parameter}", allowed=allowed)
    agreements = [agreement.id for agreement in load_agreements(request)]
    secret = links.add(name, filters, agreements, clock.now(), may)
    if secret is None:
        raise CallError("token.there", link=name)
    base = f"{(config.url or NEAR).rstrip('/')}/s/{secret}"
    if request.as_json:
        addresses = {"page": f"{base}/", "calendar": f"{base}/calendar.ics"}
        print_json({"name": name, **addresses, "agreements": sorted(agreements), "may": may})
        return
    print(f"{base}/\n{base}/calendar.ics")
    once = "token.once" if may == "read" else "token.once.write"
    print(translate(request.language, once), file=sys.stderr)
    if config.url is None:
        print(translate(request.language, "token.near"), file=sys.stderr)


def _widen(links: LinkRegistry, name: str, request: Request) -> None:
    """Has a link that is there show what is loaded beside its agreements, at its address."""
    agreements = [agreement.id for agreement in load_agreements(request)]
    of_name = [link for link in links.open(agreements) if link.name == name]
    if not of_name:
        raise _unknown(links, name, agreements, request.language)
    if len(of_name) > 1:
        raise CallError("token.several", link=name)
    new = links.widen(name, agreements)
    if not new:
        raise CallError("token.wide", link=name)
    names = comma_list(sorted(new), request.language)
    print(
        translate(request.language, "token.widened", link=name, agreements=names), file=sys.stderr
    )


def _unknown(
    links: LinkRegistry, name: str, agreements: list[str], language: Language
) -> CallError:
    names = comma_list((link.name for link in links.open(agreements)), language)
    return CallError("token.unknown", link=name, names=names or "-")


def _revoke(links: LinkRegistry, name: str, request: Request) -> None:
    from tracker import clock

    agreements = _readable_agreements(request)  # where they are broken, it is closed all the same
    closed = links.revoke(name, agreements, clock.now())
    if not closed:
        raise _unknown(links, name, agreements, request.language)
    for link in closed:
        shown = (
            name if len(closed) == 1 else f"{name} ({_shows(link, agreements, request.language)})"
        )
        print(translate(request.language, "token.revoked", link=shown), file=sys.stderr)


def _readable_agreements(request: Request) -> list[str]:
    """The agreements that the files state; none where they cannot be read as they are."""
    from tracker.files.problems import FileErrors

    try:
        return [agreement.id for agreement in load_agreements(request)]
    except (FileErrors, CallError):
        return []


def _list(links: list[SecretLink], agreements: list[str], request: Request) -> None:
    if request.as_json:
        rows = [
            {
                "name": link.name,
                "filter": [list(pair) for pair in link.filter],
                "created": link.created.isoformat(timespec="seconds"),
                "revoked": link.revoked and link.revoked.isoformat(timespec="seconds"),
                "agreements": sorted(link.agreements.intersection(agreements)),
                "may": link.may,
            }
            for link in links
        ]
        print_json(rows)
        return
    if not links:
        print(translate(request.language, "token.none"), file=sys.stderr)
        return
    print("\n".join(_table(links, agreements, request.language)))
    if not all(link.revoked or link.agreements.issuperset(agreements) for link in links):
        print(translate(request.language, "token.of-some"), file=sys.stderr)


def _table(links: list[SecretLink], agreements: list[str], language: Language) -> list[str]:
    """One line a link: since when, whether it is open, its name, what it shows."""
    widest = max(width_of(link.name) for link in links)
    lines = []
    for link in links:
        state = translate(language, "token.open" if link.revoked is None else "token.closed")
        name = pad(isolate(link.name), widest)
        shows = _shows(link, agreements, language)
        if link.may == "write":
            shows = translate(language, "token.may-write", shown=shows)
        lines.append(f"{link.created:%Y-%m-%d}  {state}  {name}  {shows}")
    return lines


def _shows(link: SecretLink, agreements: list[str], language: Language) -> str:
    """What a link shows: its filter, and of which of those agreements, where not of all.

    What is not loaded is named only where the files cannot be read.
    """
    shown = urlencode(link.filter) if link.filter else translate(language, "token.all")
    if agreements and link.agreements.issuperset(agreements):
        return shown
    ids = link.agreements.intersection(agreements) or link.agreements
    names = comma_list(sorted(ids), language)
    return translate(language, "token.of", shown=shown, agreements=names)
