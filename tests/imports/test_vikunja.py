"""Vikunja: what its API answers, and the zip of its export."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.imports.reading import left_out, lines, read, sample
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

    assert lines(content) == {"Hand over the flat": "2027-01-15 07:30 UTC"}
    assert dict(content.events[0].fields)["tags"] == ["Flat"]
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
