"""tracker.toml in an editor: errors with offers, words, meanings, tables."""

from __future__ import annotations

import pytest

from tests.editor.test_editor import LEASE
from tracker.config.keys import TABLES, WHERE
from tracker.editor.desk import Desk
from tracker.editor.key_meanings import key_meaning
from tracker.editor.next_words import next_words
from tracker.editor.settings import (
    settings_meaning,
    settings_problems,
    settings_tables,
    settings_words,
)

SETTINGS = """\
[smtp]
url = "env:SMTP_URL"
from = "Deadlines <tracker@example.org>"

[[recipient]]
name = "legal"
to = "mailto:legal@example.org"
changes = true
where = { tags = ["payment"], status = "open" }
"""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("name =", "nme ="),
        ("mailto:legal@example.org", "legal@example.org"),
        ("changes", "chnages"),
    ],
)
def test_what_is_wrong_is_marked_and_its_offer_mends_it(right: str, wrong: str) -> None:
    text = SETTINGS.replace('status = "open" ', 'status = "may-move" ')
    broken = text.replace(right, wrong)

    problems = settings_problems("tracker.toml", broken)

    assert not settings_problems("tracker.toml", text)
    line = broken[: broken.index(wrong)].count("\n")
    assert any(
        broken[: problem.start].count("\n") == line and fix.edit.apply(broken) == text
        for problem in problems
        for fix in problem.fixes
    )


def test_no_sentence_has_a_secret_in_it_and_broken_toml_is_placed() -> None:
    text = '[webhook]\nsecret = "whsec_s3cr3tToken99"\n\n[smtp\n'

    (problem,) = settings_problems("tracker.toml", text)

    assert text[: problem.start].count("\n") == 3
    for wrong in ("secret = 5", 'scret = "whsec_s3cr3tToken99"', 'secret = "s3cr3tToken99"'):
        assert "s3cr3t" not in str(settings_problems("tracker.toml", f"[webhook]\n{wrong}\n")[0][0])


@pytest.mark.parametrize(
    ("before", "there", "absent"),
    [
        ("[", {"[[recipient]]", "[web]"}, {"[smtp]"}),
        ("[[recipient]]\n", {"name", "digest", "where"}, {"url", "public"}),
        ("[[recipient]]\nchanges = ", {"true", '"moved"'}, {"name"}),
        ('[[recipient]]\nchanges = ["moved", "', {"withdrawn"}, {"true"}),
        ('[[recipient]]\ntimezone = "', {"Europe/Berlin", "UTC"}, {"AoE"}),
        ('[[recipient]]\ntimezone = "berl', {"Europe/Berlin"}, set()),
        ('[[recipient]]\nto = "', {"terminal", "mailto:", "env:"}, {"true"}),
        ("[[recipient]]\nwhere = { ", {"tags", "status", "state"}, {"name"}),
        ('[[recipient]]\nwhere = { tags = ["x"], state = "', {"in force"}, {"tags", "may-move"}),
        ("[web]\npublic = ", {"true", "false"}, {"url"}),
        ('[health]\nfail_after = "', {"never"}, {"true"}),
    ],
)
def test_what_can_stand_next(before: str, there: set[str], absent: set[str]) -> None:
    text = f"[smtp]\n\n{before}"

    _, words = settings_words(text, len(text))

    names = {word.text for word in words}
    assert there <= names
    assert not absent & names


def test_each_key_says_what_it_means_in_each_language() -> None:
    for table in TABLES:
        for key in table.keys:
            text = f"[{table.name}]\n{key.name} = 1\n" if table.name else f"{key.name} = 1\n"
            at = text.index(f"{key.name} =") + 1
            english, japanese = (settings_meaning(text, at, lang) for lang in ("en", "ja"))
            assert english
            assert japanese
            assert english != japanese
            assert (key.default in english) if key.default else True
    for key in WHERE:
        text = f'[[recipient]]\nwhere = {{ ids = ["a"], {key.name} = "b" }}\n'
        assert settings_meaning(text, text.rindex(key.name) + 1, "en")


def test_its_tables_are_listed_with_whose_they_are() -> None:
    names, whose, starts = settings_tables(SETTINGS)

    assert (names, whose) == (("smtp", "recipient"), ("", "legal"))
    assert [SETTINGS[start:].partition("]")[0] for start in starts] == list(names)


@pytest.mark.parametrize(
    ("before", "there"),
    [
        ('timezone = "', "Asia/Tokyo"),
        ('timezone = "new york', "America/New_York"),
        ('timezone = "JST', "Asia/Tokyo"),
        ('calendar = "', "DE-BY"),
        ('calendar = "', "weekdays"),
        ('calendar = "Germany', "DE"),
        ('calendar = "DE-BY+Franc', "DE-BY+FR"),
        ('roll = "', "modified-next"),
    ],
)
def test_values_of_events_files_are_offered_by_name_and_by_what_is_near(
    before: str, there: str
) -> None:
    text = f"{LEASE}\n[[event]]\n{before}"

    _, words = next_words({"a.toml": text}, "a.toml", len(text))

    (word,) = {word for word in words if word.text == there}
    assert word.is_near or there.startswith(before.partition('"')[2])


def test_what_an_amendment_takes_away_is_a_key_with_a_meaning() -> None:
    text = '[[amendment]]\n\n[[amendment.event]]\nremove = ["tags"]\n'

    assert key_meaning(text, text.index("remove") + 1, "en")
    _, words = next_words({"a.toml": text}, "a.toml", text.index("remove"))
    assert "remove" in {word.text for word in words}


def test_a_file_that_is_gone_has_no_problems_left() -> None:
    from datetime import date

    assert not Desk().read("", 1, {}, date(2030, 1, 1), "en").problems
