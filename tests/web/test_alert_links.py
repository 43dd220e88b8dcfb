"""The pages behind a message's links, on a real ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.reminders.scene import HEAD, LEGAL, NOTICE
from tests.web.scene import URL, LinkScene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[LinkScene]:
    here = LinkScene(tmp_path, LEGAL, text=HEAD + NOTICE)
    here.look("2030-11-01 12:00")
    yield here
    here.database.close()


def test_a_page_with_a_button_acknowledges_and_a_get_changes_nothing(scene: LinkScene) -> None:
    (row,) = scene.look("2030-12-01 09:00")
    path = scene.links(row).acknowledge

    with scene.client() as client:
        for _ in range(3):  # as mail gateways do
            client.get(path)
        page = client.get(path)
        assert "Notice is due, 31 December 2030" in page.text
        assert "<button>Acknowledge</button>" in page.text
        assert scene.acknowledgements.all(["a"]) == []

        after = client.post(path, data={"action": "acknowledge"})
        assert (after.status_code, after.url.path) == (200, path)
        assert "You have acknowledged this." in after.text
        assert client.head(path).status_code == 200

    assert scene.look("2030-12-24 09:00") == []


def test_what_was_acknowledged_can_be_taken_back(scene: LinkScene) -> None:
    (row,) = scene.look("2030-12-01 09:00")
    path = scene.links(row).acknowledge
    with scene.client() as client:
        client.post(path, data={"action": "acknowledge"})
        after = client.post(path, data={"action": "undo"})

    assert "<button>Acknowledge</button>" in after.text
    assert len(scene.look("2030-12-24 09:00")) == 1


def test_it_can_be_put_off_to_a_day_that_is_early_enough(scene: LinkScene) -> None:
    (row,) = scene.look("2030-12-24 09:00")
    path = scene.links(row).acknowledge
    with scene.client() as client:
        assert "in 30 days" not in client.get(path).text
        assert client.post(path, data={"action": "snooze", "days": "30"}).status_code == 404
        after = client.post(path, data={"action": "snooze", "days": "7"})

    assert "The next reminder goes out on 31 December 2030." in after.text
    assert scene.look("2030-12-30 09:00") == []
    assert len(scene.look("2030-12-31 09:00")) == 1


def test_a_link_to_what_is_no_longer_so_says_so_and_offers_nothing(scene: LinkScene) -> None:
    (row,) = scene.look("2030-12-01 09:00")
    path = scene.links(row).acknowledge
    scene.text = HEAD + NOTICE.replace("2030-12-31", "2031-01-31")
    with scene.client() as client:
        page = client.get(path)

        assert "is no longer so" in page.text
        assert "<button" not in page.text
        assert client.post(path, data={"action": "acknowledge"}).status_code == 404


@pytest.mark.parametrize("change", ["x", "signature", "message", "purpose"])
def test_nobody_can_guess_a_link(scene: LinkScene, change: str) -> None:
    (row,) = scene.look("2030-12-01 09:00")
    links = scene.links(row)
    _, purpose, message, signature = links.acknowledge.split("/")
    other = links.unsubscribe.split("/")[3]
    path = {
        "x": f"/{purpose}/{message}/x",
        "signature": f"/{purpose}/{message}/{other}",
        "message": f"/{purpose}/{message[:-1]}0/{signature}",
        "purpose": f"/unsubscribe/{message}/{signature}",
    }[change]
    with scene.client() as client:
        assert client.get(path).status_code == 404
        assert client.post(path, data={"action": "acknowledge"}).status_code in (400, 404)
        assert client.post(path, data={"action": "unsubscribe"}).status_code in (400, 404)


def test_a_mail_program_unsubscribes_with_one_click(scene: LinkScene) -> None:
    (row,) = scene.look("2030-12-01 09:00")
    path = scene.links(row).unsubscribe
    with scene.client() as client:
        assert client.get(path).status_code == 200
        assert scene.acknowledgements.unsubscribed_channels(["a"]) == {}

        done = client.post(path, data={"List-Unsubscribe": "One-Click"}, follow_redirects=False)

    assert done.status_code == 200  # RFC 8058, section 3.1: no redirect
    assert scene.look("2030-12-24 09:00") == []


def test_who_unsubscribed_can_come_back_and_is_not_flooded(scene: LinkScene) -> None:
    (row,) = scene.look("2030-12-01 09:00")
    path = scene.links(row).unsubscribe
    with scene.client() as client:
        client.post(path, data={"action": "unsubscribe"})
        scene.look("2030-12-24 09:00")
        page = client.post(path, data={"action": "subscribe"})

    assert "<button>Send no more</button>" in page.text
    assert [one.key.lead for one in scene.look("2030-12-30 09:00")] == ["1 day"]


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (URL, 200),
        ("http://127.0.0.1:8765", 403),
        ("https://evil.example", 403),
        ("https://deadlines.example.org.evil.example", 403),
        ("null", 403),
    ],
)
def test_a_form_of_another_site_is_refused(scene: LinkScene, origin: str, status: int) -> None:
    (row,) = scene.look("2030-12-01 09:00")
    with scene.client() as client:
        done = client.post(
            scene.links(row).acknowledge, data={"action": "acknowledge"}, headers={"origin": origin}
        )

    assert done.status_code == status
    assert bool(scene.acknowledgements.all(["a"])) == (status == 200)


@pytest.mark.parametrize(
    "form", [{"action": "undo"}, {"action": "snooze", "days": "²"}, {"action": "acknowledge"}]
)
@pytest.mark.parametrize("link", ["x/https:evil.example", "x/%2e%2e", "x/y"])
def test_a_link_that_is_not_ours_leads_nowhere(
    scene: LinkScene, link: str, form: dict[str, str]
) -> None:
    with scene.client() as client:
        response = client.post(f"/alert/{link}", data=form, follow_redirects=False)

    assert response.status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        "",
        "action=",
        "action=delete",
        "action=snooze",
        "action=snooze&days=-1",
        "days=x",
        "a" * 5000,
    ],
)
def test_a_form_that_is_not_ours_is_refused(scene: LinkScene, body: str) -> None:
    (row,) = scene.look("2030-12-01 09:00")
    with scene.client() as client:
        done = client.post(
            scene.links(row).acknowledge,
            content=body,
            headers={"content-type": "application/x-www-form-urlencoded"},
        )

    assert done.status_code in (400, 413)
    assert scene.acknowledgements.all(["a"]) == []


def test_the_pages_are_there_without_a_secret_link_and_kept_by_nobody(scene: LinkScene) -> None:
    (row,) = scene.look("2030-12-01 09:00")
    with scene.client(public=False) as client:
        page = client.get(scene.links(row).acknowledge)

        assert client.get("/").status_code == 404
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"
    assert "form-action 'self'" in page.headers["content-security-policy"]


def test_the_page_is_in_the_recipients_language(tmp_path: Path) -> None:
    here = LinkScene(tmp_path, replace(LEGAL, language="ja"), text=HEAD + NOTICE)
    here.look("2030-11-01 12:00")
    (row,) = here.look("2030-12-01 09:00")
    with here.client() as client:
        page = client.get(here.links(row).acknowledge, headers={"accept-language": "en"})

    assert "<button>確認済みにする</button>" in page.text
    assert page.headers["content-language"] == "ja"


def test_a_link_in_a_mail_about_an_agreement_that_is_not_loaded_shows_nothing_of_it(
    scene: LinkScene,
) -> None:
    (row,) = scene.look("2030-12-01 09:00")
    links = scene.links(row)
    scene.agreements = ["b"]
    with scene.client() as client:
        assert client.get(links.acknowledge).status_code == 404
        for action in ("acknowledge", "undo"):
            assert client.post(links.acknowledge, data={"action": action}).status_code == 404
        assert client.post(links.unsubscribe, data={"action": "unsubscribe"}).status_code == 200

    # What its reader has ended is ended, for that agreement.
    assert scene.acknowledgements.unsubscribed_channels(["b"]) == {}
    assert len(scene.acknowledgements.unsubscribed_channels(["a"])) == 1
