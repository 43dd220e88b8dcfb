"""Vikunja: what its API answers, and the zip of its export."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from tests.imports.reading import AS_OF, left_out, lines, read, sample
from tracker.imports.foreign import ForeignFile, Unreadable


def _zipped(
    content: bytes, name: str = "data.json", packing: int = zipfile.ZIP_DEFLATED
) -> ForeignFile:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as archive:
        archive.writestr("VERSION", "v0.24.0")
        archive.writestr(name, content)
    return ForeignFile("export.zip", stream.getvalue())


def test_tasks_with_a_due_date_are_events_and_those_with_a_span_last() -> None:
    content = read("vikunja", sample("vikunja-tasks.json"), "Europe/Berlin")

    assert lines(content) == {
        "Renew the domain": "2027-03-01 12:00 Europe/Berlin, 365 days",
        "Hand over the flat": "2026-11-15 08:30 Europe/Berlin",
        "Trade fair": "2027-05-04..2027-05-06 17:00 Europe/Berlin",
        "Pay the rent": "2026-12-03, 1 month",
        "Change the water filter": "2026-12-11 18:00 Europe/Berlin, 90 days after done",
        "Take the pills": "2026-12-11 18:00 Europe/Berlin",
    }
    assert left_out(content)["no-date"] == ["Read the news"]
    assert left_out(content)["no-repeat-length"] == ["Take the pills"]


def test_without_a_zone_times_stay_the_instants_that_they_are() -> None:
    stated = lines(read("vikunja", sample("vikunja-tasks.json")))

    assert stated["Hand over the flat"] == "2026-11-15 07:30 UTC"
    assert stated["Pay the rent"] == "2026-12-02 23:00 UTC, 1 month"


def test_labels_people_and_words_come_along() -> None:
    events = {
        event.title: dict(event.fields)
        for event in read("vikunja", sample("vikunja-tasks.json")).events
    }

    domain = events["Renew the domain"]
    assert (domain["tags"], domain["parties"]) == (["it"], ["mia"])
    assert domain["note"] == "Registrar: example\nAuth code & invoice"
    assert events["Hand over the flat"]["occurred"] == "2026-11-14 09:12 UTC"


def test_the_zip_of_an_export_is_read_with_the_names_of_its_projects() -> None:
    content = read("vikunja", _zipped(sample("vikunja-data.json").content))

    assert lines(content)["Hand over the flat"] == "2027-01-15 07:30 UTC"
    assert dict(content.events[1].fields)["tags"] == ["Flat"]
    assert content.events[0].foreign_id == "vikunja/12"


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_zip_is_refused(packing: int) -> None:
    whole = bytearray(_zipped(sample("vikunja-data.json").content * 20, packing=packing).content)
    at = whole.index(b"data.json") + 40
    whole[at : at + 30] = b"\xff" * 30

    with pytest.raises(Unreadable, match="zip"):
        read("vikunja", ForeignFile("export.zip", bytes(whole)))


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = _zipped(b" " * 200_000_000)

    assert len(bomb.content) < 1_000_000
    with pytest.raises(Unreadable, match="zip"):
        read("vikunja", bomb)


def test_an_archive_of_another_program_is_none_of_vikunja() -> None:
    from tracker.imports.formats.vikunja import recognises

    assert not recognises(_zipped(b"[]", "xl/workbook.xml"))


def test_a_whole_export_gives_each_task_once_with_all_that_an_event_has_a_key_for() -> None:
    content = read("vikunja", _zipped(sample("vikunja-data.json").content), "Europe/Berlin", AS_OF)

    assert lines(content) == {
        "Hand over the flat": "2027-01-15 08:30 Europe/Berlin",
        "Clean the flat": "2027-01-14 08:00 Europe/Berlin",
        "Water the plants": "2026-12-04 18:00 Europe/Berlin, 3 days",
        "Read the meters": "2026-12-31 10:00 Europe/Berlin, 1 month",
        "Order seeds": "2027-02-01 01:00 Europe/Berlin..None",
    }
    events = {event.title: dict(event.fields) for event in content.events}
    assert events["Hand over the flat"] == {
        "when": "2027-01-15 08:30 Europe/Berlin",
        "tags": ["home", "Flat"],
        "parties": ["Ben Okoro"],
        "note": "Keys & meter\n- heating",
        "reminders": ["1 week", "1 day"],
    }
    assert events["Clean the flat"]["occurred"] == "2026-11-30 17:12 Europe/Berlin"
    assert left_out(content) == {
        "no-lead": ["reminders"],
        "no-place": ["percent_done", "related_tasks", "comments", "done_at"],
        "length-of-each": ["end_date"],
        "archived": ["Pay the last rent"],
    }


def test_with_all_what_is_archived_comes_along() -> None:
    content = read("vikunja", sample("vikunja-data.json"), "UTC", None)

    assert lines(content)["Pay the last rent"] == "2027-03-01"


@pytest.mark.parametrize("inner", ["lists", "projects"])
def test_an_export_of_the_time_of_namespaces_gives_the_same_tasks(inner: str) -> None:
    projects = json.loads(sample("vikunja-data.json").content)
    for project in projects:
        for task in project["tasks"] or []:
            task["list_id"] = task.pop("project_id")
            dates = [reminder["reminder"] for reminder in task.pop("reminders") or []]
            task["reminder_dates"] = dates or None
    namespaces = [{"id": 1, "title": "Mia", "is_archived": False, inner: projects}]

    old = read("vikunja", _zipped(json.dumps(namespaces).encode()), "Europe/Berlin", AS_OF)

    now = read("vikunja", sample("vikunja-data.json"), "Europe/Berlin", AS_OF)
    assert old.events == now.events


def test_what_was_done_for_good_does_not_come_again() -> None:
    (task, *_) = json.loads(sample("vikunja-tasks.json").content)
    done = task | {"done": True, "done_at": "2026-11-30T10:00:00Z"}

    content = read("vikunja", ForeignFile("tasks.json", json.dumps([done]).encode()), "UTC")

    assert lines(content) == {"Renew the domain": "2027-03-01 11:00 UTC"}
    assert dict(content.events[0].fields)["occurred"] == "2026-11-30 10:00 UTC"
    assert "repeat_after" in left_out(content)["no-place"]
