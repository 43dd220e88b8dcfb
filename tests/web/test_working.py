"""Working at the pages: what follows is shown, then written byte for byte, and can be taken back."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.web.working import FILE, Office, hidden
from tracker.timeline.filters import Where

SIGNED = "/edit/lease/signed"
RECORD = {"action": "record", "side": "when", "occurrence": "", "day": "2026-11-20"}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(tmp_path, monkeypatch)


def test_what_happened_is_shown_with_what_follows_then_written_and_taken_back(
    office: Office,
) -> None:
    with office.client() as client:
        assert "Record that it happened" in client.get("/events/lease/signed").text
        shown = client.post(SIGNED, data=RECORD)

        assert (shown.status_code, office.text) == (200, FILE)
        assert "+ occurred = 2026-11-20" in shown.text
        assert "Handing over the keys" in shown.text  # it follows
        assert "2026-12-20" in shown.text

        written = client.post(SIGNED, data=hidden(shown.text))

        assert (written.status_code, written.headers["location"]) == (303, "./../../written")
        assert office.text == FILE.replace(
            'when = "open"\n\n[[event]]\nid = "handover"',
            'when = "open"\noccurred = 2026-11-20\n\n[[event]]\nid = "handover"',
        )
        again = client.post(SIGNED, data=hidden(shown.text))  # replayed
        assert (again.status_code, "says so already" in again.text) == (200, True)

        last = client.get("/written")
        assert "- occurred = 2026-11-20" in last.text
        assert client.post("/written", data={"seal": "0" * 64}).status_code == 409
        assert client.post("/written", data=hidden(last.text)).status_code == 303
        assert office.text == FILE
        assert "no record of these files" in client.get("/written").text


@pytest.mark.parametrize(
    ("path", "form", "line"),
    [
        (SIGNED, {"action": "withdraw", "day": "2026-11-20"}, "withdrawn = 2026-11-20"),
        (SIGNED, RECORD | {"day": ""}, "occurred = 2026-11-25"),
        ("/edit/lease/breach", RECORD, 'occurred = { "2026-11-20" = 2026-11-20 }'),
        (
            "/edit/lease/breach",
            RECORD | {"occurrence": "late-rent"},
            "occurred = { late-rent = 2026-11-20 }",
        ),
        (
            "/edit/lease/rent",
            RECORD | {"occurrence": "2026-12-03", "day": "2026-11-24"},
            'occurred = { "2026-12-03" = 2026-11-24 }',
        ),
        (
            "/edit/lease/handover",
            {
                "action": "change",
                "was.when": "30 days after signed",
                "new.when": "2 weeks after signed",
            },
            'when = "2 weeks after signed"',
        ),
        (
            "/edit/lease/handover",
            {"action": "change", "was.tags": "keys", "new.tags": "keys\r\nflat, upstairs"},
            'tags = ["keys", "flat, upstairs"]',
        ),
        (
            "/edit/lease/rent",
            {"action": "change", "was.when": "2026-12-03", "new.when": "2026-12-04"},
            "when = 2026-12-04",
        ),
        (
            "/edit/lease/handover",
            {
                "action": "change",
                "was.title": "Handing over the keys",
                "new.title": 'The "keys" \\ </script>',
            },
            'title = "The \\"keys\\" \\\\ </script>"',
        ),
        (
            "/add",
            {"agreement": "lease", "id": "visit", "new.title": "A visit", "new.when": "2027-01-05"},
            'title = "A visit"',
        ),
        (
            "/edit/lease/handover",
            {
                "action": "amend",
                "amendment": "first",
                "on": "2026-11-25",
                "new.when": "60 days after signed",
            },
            'when = "60 days after signed"',
        ),
    ],
)
def test_each_edit_is_shown_before_it_is_written(
    office: Office, path: str, form: dict[str, str], line: str
) -> None:
    with office.client() as client:
        shown = client.post(path, data=form)
        assert (shown.status_code, office.text) == (200, FILE)
        assert "<script>" not in shown.text.replace("<script src", "")
        written = client.post(path, data=hidden(shown.text))

        assert written.status_code == 303
        assert line in office.text.splitlines()
        kept = [kept for kept in FILE.splitlines() if kept in office.text.splitlines()]
        assert len(kept) >= len(FILE.splitlines()) - 1  # all else is as it was
        assert client.post("/written", data=hidden(client.get("/written").text)).is_redirect
    assert office.text == FILE


def test_a_record_is_taken_back_and_an_empty_field_takes_its_line_away(office: Office) -> None:
    with office.client() as client:
        shown = client.post(
            "/edit/lease/handover", data={"action": "change", "was.tags": "keys", "new.tags": ""}
        )
        client.post("/edit/lease/handover", data=hidden(shown.text))
        assert office.text == FILE.replace('tags = ["keys"]\n', "")
        for name in ("first", "second"):
            shown = client.post("/edit/lease/breach", data=RECORD | {"occurrence": name})
            client.post("/edit/lease/breach", data=hidden(shown.text))
        back = {"action": "take-back", "field": "occurred", "occurrence": "first"}
        shown = client.post("/edit/lease/breach", data=back)
        client.post("/edit/lease/breach", data=hidden(shown.text))

    assert "occurred = { second = 2026-11-20 }" in office.text


def test_what_is_wrong_is_said_with_what_to_write_as_buttons(office: Office) -> None:
    form = {
        "action": "change",
        "was.when": "30 days after signed",
        "new.when": "30 days after signd",
    }
    with office.client() as client:
        refused = client.post("/edit/lease/handover", data=form)
        assert (refused.status_code, office.text) == (422, FILE)
        assert 'name="use.when" value="30 days after signed"' in refused.text
        form["new.when"] = "within a fortnight"
        taken = client.post(
            "/edit/lease/handover", data=form | {"use.when": "2 weeks after signed"}
        )

    assert "+ when = &#34;2 weeks after signed&#34;" in taken.text


def test_two_people_at_once_lose_nothing(office: Office) -> None:
    """Both have the form open; they change fields of their own, then the same one."""
    path, title = "/edit/lease/handover", {"action": "change", "was.title": "Handing over the keys"}
    note = {"action": "change", "was.note": "", "was.title": "Handing over the keys"}
    note |= {"new.note": "At noon.", "new.title": "Handing over the keys"}
    with office.client() as first, office.client() as second:
        of_first = first.post(path, data=title | {"new.title": "The keys"})
        of_second = second.post(path, data=note)
        assert first.post(path, data=hidden(of_first.text)).status_code == 303

        refused = second.post(path, data=hidden(of_second.text))

        assert (refused.status_code, "note" in office.text) == (409, False)
        assert "the file has changed since" in refused.text
        assert refused.text.count("At noon.") >= 2  # as it was shown, and as it would be now
        assert second.post(path, data=hidden(refused.text)).status_code == 303
        assert 'title = "The keys"' in office.text
        assert 'note = "At noon."' in office.text

        both = second.post(path, data=title | {"new.title": "Keys"})
        assert both.status_code == 409
        assert "The keys" in both.text
        assert 'title = "The keys"' in office.text
        mine = second.post(path, data=hidden(both.text))
        second.post(path, data=hidden(mine.text))
    assert 'title = "Keys"' in office.text


def test_of_two_who_write_at_the_same_moment_one_is_asked_again(office: Office) -> None:
    forms = []
    with office.client() as client:
        for name in ("a", "b", "c", "d"):
            shown = client.post("/edit/lease/breach", data=RECORD | {"occurrence": name})
            forms.append(hidden(shown.text))

        with ThreadPoolExecutor(4) as threads:
            answers = list(
                threads.map(lambda form: client.post("/edit/lease/breach", data=form), forms)
            )

    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    assert office.text.count("occurred") == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"origin": "http://127.0.0.1:8765"}, 303),
        ({}, 303),
    ],
)
def test_no_other_site_can_write(office: Office, headers: dict[str, str], status: int) -> None:
    with office.client() as client:
        form = hidden(client.post(SIGNED, data=RECORD).text)
        answer = client.post(SIGNED, data=form, headers=headers)

    assert (answer.status_code, office.text == FILE) == (status, status != 303)


@pytest.mark.parametrize("change", [{"seal": "0" * 64}, {"seal": ""}, {"day": "2026-11-19"}])
def test_a_form_that_says_something_else_than_was_shown_writes_nothing(
    office: Office, change: dict[str, str]
) -> None:
    with office.client() as client:
        form = hidden(client.post(SIGNED, data=RECORD).text)
        assert client.post(SIGNED, data=form | change).status_code == 409
        for path in (SIGNED, "/add", "/written"):
            assert client.get(path).status_code == 200
    assert office.text == FILE


def test_only_a_link_that_may_write_shows_any_of_it_and_its_name_is_noted(office: Office) -> None:
    with office.behind_link(writes=False) as reader:
        page = reader.get("/s/secret/events/lease/signed")
        assert (page.status_code, "/edit/" in page.text) == (200, False)
        for path in (SIGNED, "/add", "/written"):
            assert reader.get(f"/s/secret{path}").status_code == 404
        assert reader.post(f"/s/secret{SIGNED}", data=RECORD).status_code == 404
        assert reader.post(SIGNED, data=RECORD).status_code == 404
    with office.behind_link(writes=True) as writer:
        shown = writer.post(f"/s/secret{SIGNED}", data=RECORD)
        assert shown.headers["referrer-policy"] == "same-origin"  # no other site learns the link
        assert shown.headers["cache-control"] == "no-store"
        assert writer.post(f"/s/secret{SIGNED}", data=hidden(shown.text)).status_code == 303
        assert "Written behind the link clerk." in writer.get("/s/secret/written").text
    with office.behind_link(writes=True, shows=Where(tags=("keys",))) as some:
        refused = some.post("/s/secret/edit/lease/handover", data=RECORD)
        assert (refused.status_code, "does not show all" in refused.text) == (409, True)


def test_where_it_is_served_to_others_nobody_writes_without_a_link(office: Office) -> None:
    with office.client() as near:
        far = near.get("/events/lease/signed", headers={"host": "deadlines.example.org"})
        assert "/edit/" not in far.text
        forwarded = {"host": "deadlines.example.org"}
        assert near.post(SIGNED, data=RECORD, headers=forwarded).status_code == 404
    office.desk.refusal = "edit.shared"
    with office.client() as client:
        assert "several machines" in client.get("/events/lease/signed").text
        refused = client.post(SIGNED, data=RECORD)
    assert (refused.status_code, "several machines" in refused.text) == (409, True)
    assert office.text == FILE


def test_a_line_is_read_while_it_is_typed(office: Office) -> None:
    line = "/line?event=lease/handover&key=when&when="
    with office.client() as client:
        comes_to = client.get("/line?agreement=lease&key=when&when=10 days after 2026-12-01").text
        waits = client.get(f"{line}2 weeks after signed").text
        wrong = client.get(f"{line}30 days after signd").text
        assert client.get("/line?event=nowhere/x&when=2027-01-01").status_code == 400

    assert "11 December 2026" in comes_to
    assert "signed" in waits
    assert 'data-write="30 days after signed"' in wrong
    with office.behind_link(writes=False) as reader:
        assert reader.get(f"/s/secret{line}2027-01-01").status_code == 404
    assert office.text == FILE


def test_in_a_work_tree_each_write_is_a_commit_by_the_name_of_the_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(tmp_path, monkeypatch, commits=True)
    path = f"/s/secret{SIGNED}"

    def git(*words: str) -> str:
        command = ["git", "-C", str(tmp_path), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def write(day: str) -> str:
        with office.behind_link(writes=True) as client:
            shown = client.post(path, data=RECORD | {"day": day})
            client.post(path, data=hidden(shown.text))
            return client.get("/s/secret/written").text

    assert "not committed" in write("2026-11-18")  # there is no work tree
    assert "occurred = 2026-11-18" in office.text
    for name in ("GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"):
        monkeypatch.setenv(name, "office@example.org")
    git("init", "--quiet")
    (tmp_path / "other").write_text("staged by hand")
    git("add", "other")
    assert "not committed" not in write("2026-11-19")

    assert git("log", "--format=%an: %s").strip() == "clerk: events.toml:10"
    assert "+ occurred = 2026-11-19" in git("log", "-1", "--format=%b")
    assert git("status", "--porcelain", "other", "events.toml").strip() == "A  other"
