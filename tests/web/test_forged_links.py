"""Links that somebody has made up, changed, lengthened or kept: none opens or changes anything."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.reminders.scene import HEAD, LEGAL, NOTICE, at
from tests.web.scene import LinkScene
from tests.web.sites import client_of
from tracker.alerts.signed_links import ACKNOWLEDGE, UNSUBSCRIBE, Signer
from tracker.reminders.recipients import Recipient
from tracker.service.secret_links import OpenLinks
from tracker.store.secret_links import LinkRegistry, hash_of

OTHER = Recipient("other", "UTC")
PRESSES = ({"action": "acknowledge"}, {"action": "snooze", "days": "7"}, {"action": "undo"},
           {"action": "unsubscribe"}, {"List-Unsubscribe": "One-Click"})  # fmt: skip


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[LinkScene]:
    here = LinkScene(tmp_path, LEGAL, OTHER, text=HEAD + NOTICE)
    here.look("2030-11-01 12:00")
    yield here
    here.database.close()


def extended(signature: str, message: str) -> str:
    """A hash of ours, taken for the state of one that goes on (what HMAC is made against)."""
    return hashlib.sha256(signature.encode() + message.encode()).hexdigest()[:24]


def forgeries(purpose: str, message: str, signature: str, others: str) -> dict[str, str]:
    """Paths that are like that of a link and are not it; `others` is another link's signature."""
    swapped = signature.swapcase()
    wrong = ACKNOWLEDGE if purpose == UNSUBSCRIBE else UNSUBSCRIBE
    foreign = Signer(b"1" * 32, "").signature(purpose, message)
    unkeyed = hmac.digest(b"", f"{purpose}/{message}".encode(), "sha256").hex()[:24]
    signatures = {
        "none": "-",
        "of another message": others,
        "of another key": foreign,
        "of no key": unkeyed,
        "in another case": swapped,
        "lengthened": f"{signature}A",
        "lengthened by filling": f"{signature}=",
        "lengthened by a hash": extended(signature, message),
        "twice": signature * 2,
        "cut": signature[:-1],
        "cut at its beginning": signature[1:],
        "its first letter": signature[0],
        "encoded twice": quote(quote(f"{signature[:-1]}%{ord(signature[-1]):02X}")),
        "with a space": f"{signature}%20",
        "with a zero": f"{signature}%00",
        "with letters that look alike": f"{quote('Α')}{signature[1:]}",
        "with a mark": f"{signature}%CC%81",
        "as standard base64": signature.replace("-", "%2B").replace("_", "%2F") + "%2B",
        **{
            f"changed at {place}": f"{signature[:place]}{'A' if signature[place] != 'A' else 'B'}"
            f"{signature[place + 1 :]}"
            for place in range(0, len(signature), 3)
        },
    }
    paths = {kind: f"/{purpose}/{message}/{changed}" for kind, changed in signatures.items()}
    return paths | {
        "for another purpose": f"/{wrong}/{message}/{signature}",
        "of a purpose in capitals": f"/{purpose.upper()}/{message}/{signature}",
        "of an identity in capitals": f"/{purpose}/{message.upper()}/{signature}",
        "of an identity without hyphens": f"/{purpose}/{message.replace('-', '')}/{signature}",
        "of an identity cut": f"/{purpose}/{message[:-1]}/{signature}",
        "of an identity lengthened": f"/{purpose}/{message}0/{signature}",
        "with parts swapped": f"/{purpose}/{signature}/{message}",
        "with a path behind": f"/{purpose}/{message}/{signature}/x",
        "with a slash behind": f"/{purpose}/{message}/{signature}/",
        "with dots": f"/{purpose}/x/..%2F{message}/{signature}",
        "with purpose and identity shifted": f"/{purpose}%2F{message[:8]}/{message[8:]}/{signature}",
    }


@pytest.mark.parametrize("purpose", [ACKNOWLEDGE, UNSUBSCRIBE])
def test_no_forged_link_opens_or_changes_anything(scene: LinkScene, purpose: str) -> None:
    rows = scene.look("2030-12-01 09:00")
    mine, theirs = (
        (links.acknowledge if purpose == ACKNOWLEDGE else links.unsubscribe).split("/")
        for links in map(scene.links, rows)
    )
    with scene.client() as client:
        right = client.get("/".join(mine)).status_code
        for kind, path in forgeries(purpose, mine[2], mine[3], theirs[3]).items():
            answers = [client.get(path), *(client.post(path, data=press) for press in PRESSES)]

            assert {answer.status_code for answer in answers} <= {400, 404}, kind
            assert not any("Notice" in answer.text for answer in answers), kind

    assert right == 200
    assert scene.acknowledgements.all(["a"]) == []
    assert not scene.acknowledgements.unsubscribed_channels(["a"])


def test_a_link_acknowledges_for_its_own_recipient_alone(scene: LinkScene) -> None:
    mine, _ = scene.look("2030-12-01 09:00")
    with scene.client() as client:
        client.post(scene.links(mine).acknowledge, data={"action": "acknowledge"})

    (given,) = scene.acknowledgements.all(["a"])
    assert given.key.recipient == mine.key.recipient
    (later,) = scene.look("2030-12-24 09:00")
    assert later.key.recipient != mine.key.recipient


def test_no_scanner_of_mails_changes_anything(scene: LinkScene) -> None:
    rows = scene.look("2030-12-01 09:00")
    with scene.client() as client:
        for path in (path for row in rows for path in scene.links(row)):
            for press in PRESSES:
                query = "&".join(f"{name}={value}" for name, value in press.items())
                for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"):
                    client.request(method, f"{path}?{query}", data=press)
            client.post(path)  # as some that press what they find, without knowing what
            client.post(path, content=b"{}", headers={"content-type": "application/json"})

    assert scene.acknowledgements.all(["a"]) == []
    assert not scene.acknowledgements.unsubscribed_channels(["a"])


# -- secret links


def test_no_forged_secret_opens_anything(scene: LinkScene) -> None:
    scene.look("2030-12-01 09:00")
    registry = LinkRegistry(scene.database)
    now = at("2030-12-01 09:00")
    secret, revoked, foreign = (
        registry.add(name, (), [agreement], now)
        for name, agreement in (("counsel", "a"), ("former", "a"), ("of others", "b"))
    )
    assert secret is not None
    assert revoked is not None
    registry.revoke("former", ["a"], now)
    source = scene.source()
    assert source.timeline is not None
    agreements = source.timeline.agreements
    links = OpenLinks(scene.database, lambda: agreements)
    forged = {
        "a revoked one": revoked,
        "one of another agreement": foreign,
        "the hash that is kept": hash_of(secret),
        "another case": secret.swapcase(),
        "cut": secret[:-1],
        "lengthened": f"{secret}A",
        "with its filling": f"{secret}=",
        "twice": secret * 2,
        "a space": f"{secret}%20",
        "a zero": f"{secret}%00",
        "encoded twice": f"{secret[:-1]}%25{ord(secret[-1]):02X}",
        "no letter": "%FF%FE",
        "nothing": "",
        "a name": "counsel",
        "any": "%25",
        "a quote": "'%20OR%20'1'='1",
    }
    with client_of(source, public=False, filter_of_secret=links.filter_of_secret) as client:
        right = client.get(f"/s/{secret}/").status_code
        codes = {
            kind: [
                client.get(f"{prefix}{changed}/{page}").status_code for page in ("", "calendar.ics")
            ]
            for kind, changed in forged.items()
            for prefix in ("/s/", f"/s/{secret[:-1]}/../", f"/S/{secret}/../s/")
        }
        registry.revoke("counsel", ["a"], now)
        afterwards = client.get(f"/s/{secret}/").status_code
    links.close()

    assert (right, afterwards) == (200, 404)
    assert {kind: codes for kind, codes in codes.items() if set(codes) != {404}} == {}
