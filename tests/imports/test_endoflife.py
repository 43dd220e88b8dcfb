"""endoflife.date: a day is a day, "not yet" is open, and "over" without a day is told."""

from __future__ import annotations

import json

import pytest

from tests.imports.reading import left_out, lines, read, sample
from tracker.imports.foreign import ForeignFile, Unreadable


def test_of_each_version_release_support_and_end_of_life_are_events() -> None:
    content = read("endoflife", sample("endoflife-python.json"))

    stated = lines(content)
    assert stated["endoflife-python 3.14: release"] == "2025-10-07"
    assert stated["endoflife-python 3.14: end of active support"] == "2027-10-01"
    assert stated["endoflife-python 3.14: end of life"] == "2030-10-31"


def test_what_is_not_over_yet_is_open_and_gets_no_day() -> None:
    stated = lines(read("endoflife", sample("endoflife-python.json")))

    assert stated["endoflife-python 3.15: end of life"] == "open"
    assert stated["endoflife-python 3.15: end of active support"] == "open"


def test_what_is_over_without_a_day_is_told_and_is_no_event() -> None:
    content = read("endoflife", sample("endoflife-python.json"))

    assert "endoflife-python 2.7: end of life" not in lines(content)
    assert left_out(content)["over-without-day"] == [
        "endoflife-python 2.7: end of active support",
        "endoflife-python 2.7: end of life",
    ]


def test_what_has_come_is_recorded_so_that_nobody_is_asked_whether_it_has() -> None:
    events = {
        event.title: dict(event.fields)
        for event in read("endoflife", sample("endoflife-python.json")).events
    }

    assert str(events["endoflife-python 3.12: end of active support"]["occurred"]) == "2025-04-02"
    assert "occurred" not in events["endoflife-python 3.12: end of life"]


def test_ids_name_the_product_the_version_and_what_happens() -> None:
    file = ForeignFile(
        "https://endoflife.date/api/python.json", sample("endoflife-python.json").content
    )

    events = {dict(event.fields)["id"]: event for event in read("endoflife", file).events}

    assert "python-3-12-eol" in events
    assert events["python-3-12-eol"].foreign_id == "endoflife.date/python/3.12#eol"
    assert events["python-3-12-eol"].title == "python 3.12: end of life"


def test_of_the_newer_interface_names_and_labels_are_its_own() -> None:
    content = read("endoflife", sample("endoflife-v1-ubuntu.json"))

    assert content.title == "Ubuntu"
    assert lines(content) == {
        "Ubuntu 26.04 'Resolute Raccoon' (LTS): release": "2026-04-23",
        "Ubuntu 26.04 'Resolute Raccoon' (LTS): end of active support": "2028-04-23",
        "Ubuntu 26.04 'Resolute Raccoon' (LTS): end of life": "open",
        "Ubuntu 26.04 'Resolute Raccoon' (LTS): end of extended support": "2036-04-23",
        "Ubuntu 25.10 'Questing Quokka': release": "2025-10-09",
        "Ubuntu 25.10 'Questing Quokka': end of life": "2026-07-09",
    }
    assert left_out(content)["over-without-day"] == [
        "Ubuntu 25.10 'Questing Quokka': end of active support"
    ]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("https://endoflife.date/api/python/3.12.json", {"eol": "2028-10-31", "latest": "3.12.12"}),
        (
            "https://endoflife.date/api/v1/products/python/releases/3.12/",
            {
                "schema_version": "1.2.1",
                "result": {"name": "3.12", "isEol": False, "eolFrom": "2028-10-31"},
            },
        ),
    ],
)
def test_one_version_alone_is_of_the_product_in_its_address(
    name: str, answer: dict[str, object]
) -> None:
    content = read("endoflife", ForeignFile(name, json.dumps(answer).encode()))

    assert lines(content) == {"python 3.12: end of life": "2028-10-31"}
    assert dict(content.events[0].fields)["id"] == "python-3-12-eol"


_V1 = b'{"schema_version":"1.2.1","result":{"name":"tool","label":"Tool","releases":[{"name":%s,%s}]}}'
_FORMS = {
    "old": (b'[{"cycle":%s,%s}]', "eol"),
    "v1": (_V1, "eolFrom"),
    "yaml": (b"releases:\n- {releaseCycle: %s, %s}", "eol"),
}


@pytest.mark.parametrize("form", _FORMS)
@pytest.mark.parametrize("number", ["3.10", "3.0", "1.20", "10", "2027.010", '"3.10"'])
def test_a_version_that_is_a_number_keeps_its_digits(form: str, number: str) -> None:
    text, key = _FORMS[form]
    day = f'"{key}": "2028-10-31"'

    content = read("endoflife", ForeignFile("tool.json", text % (number.encode(), day.encode())))

    (only,) = content.events
    version = number.strip('"')
    assert only.title.casefold() == f"tool {version}: end of life"
    assert only.foreign_id == f"endoflife.date/tool/{version}#eol"


def _stated(form: str, eol: str) -> tuple[dict[str, object], dict[str, list[str]]]:
    """What is read of a version whose end of life is so: in v1 a day and a flag are two keys."""
    text, _ = _FORMS[form]
    pair = f'"eol": {eol}'
    if form == "v1":
        day, flag = ("null", eol) if eol in ("true", "false", "null") else (eol, "false")
        pair = f'"eolFrom": {day}, "isEol": {flag}'
    content = read("endoflife", ForeignFile("tool", text % (b'"1"', pair.encode())))
    return lines(content), left_out(content)


@pytest.mark.parametrize("form", _FORMS)
def test_each_value_that_a_day_can_have_says_the_same_in_each_form(form: str) -> None:
    answers = {
        eol: _stated(form, eol) for eol in ('"2028-10-31"', "true", "false", "null", '"soon"')
    }

    assert list(answers['"2028-10-31"'][0].values()) == ["2028-10-31"]
    assert list(answers["false"][0].values()) == ["open"]
    assert [answers[eol][0] for eol in ("true", "null", '"soon"')] == [{}, {}, {}]
    assert list(answers["true"][1]) == ["over-without-day"]
    assert answers["null"][1] == {}
    assert list(answers['"soon"'][1]) == ["no-day"]


def test_the_head_of_a_page_of_the_site_states_what_its_answers_do() -> None:
    page = b"""---
title: Tool
permalink: /tool
releaseLabel: "__RELEASE_CYCLE__ '__CODENAME__'"
eoasColumn: true
releases:
  - releaseCycle: "26.04"
    codename: "Resolute"
    lts: true
    releaseDate: 2026-04-23
    eoas: true
    eol: 2031-04-30   # a comment
    eoes: false
---

> [Tool](https://example.org) is one: really
"""

    content = read("endoflife", ForeignFile("products/tool.md", page))

    assert content.title == "Tool"
    assert lines(content) == {
        "Tool 26.04 'Resolute': release": "2026-04-23",
        "Tool 26.04 'Resolute': end of life": "2031-04-30",
        "Tool 26.04 'Resolute': end of extended support": "open",
    }
    assert left_out(content)["over-without-day"] == ["Tool 26.04 'Resolute': end of active support"]
    assert dict(content.events[1].fields)["tags"] == ["lts"]


def test_a_file_that_breaks_off_gives_the_versions_that_are_whole() -> None:
    whole = sample("endoflife-python.json")
    broken = ForeignFile(whole.name, whole.content[: whole.content.index(b'"support":"2025')])

    content = read("endoflife", broken)

    assert {title.split(":")[0] for title in lines(content)} == {"endoflife-python 3.14"}
    assert left_out(content)["cut-off"] == ["endoflife-python 3.12"]
    assert "broken" in left_out(content)


def test_a_list_of_products_says_that_it_holds_no_versions() -> None:
    listed = {"schema_version": "1.2.1", "result": [{"name": "python", "uri": "https://…"}]}

    with pytest.raises(Unreadable, match="endoflife-no-versions"):
        read("endoflife", ForeignFile("products", json.dumps(listed).encode()))
