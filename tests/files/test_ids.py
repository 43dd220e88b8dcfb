"""What is no id is refused with one that is: it says something, and is free where it stands."""

from __future__ import annotations

import re
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rows import rows
from tracker.files.excerpts import reports
from tracker.files.ids import id_like
from tracker.files.loading import read
from tracker.files.problems import FileErrors, Problem
from tracker.i18n.translate import LANGUAGES

LIKE = {
    "契約終了": "contract-end",
    "秘密保持契約の更新期限": "confidentiality-contract-renewal-deadline",
    "NDA契約-2027": "nda-contract-2027",
    "解約通知（期限）": "termination-notice-deadline",
    "プロジェクト開始": "project-start",
    "さくら": "sakura",
    "ﾃｽﾄ": "test",
    "Ｃｏｎｔｒａｃｔ": "contract",
    "合同到期": "contract-expiry",
    "계약 종료": "gyeyag-jongryo",
    "Договор аренды": "dogovor-arendy",
    "Λήξη σύμβασης": "lixi-symvasis",
    "Fin du bail, été": "fin-du-bail-ete",
    "Übergabe Straße": "ubergabe-strasse",
    "Łódź": "lodz",
    "Ærø": "aero",
    "Đặng": "dang",
    "🚀 launch": "launch",
    "Café 7 / Notice!": "cafe-7-notice",
    "Lease_End": "lease-end",
}
#: What has no letters to go by is named for its kind: the third event here.
BY_KIND = {
    "🚀": "event-3", "重要": "event-3", "نهاية": "event-3", "--": "event-3", "": "event-3",
    "7 day notice": "event-7-day-notice", "第１回納品": "event-1-delivery", "end": "event-end",
    "End": "event-end", "7日前通知": "event-7-notice", "7": "event-7",
}  # fmt: skip


def _data(*ids: str) -> dict[str, Any]:
    events = [{"id": name, "title": "T", "when": "2027-01-01"} for name in ids]
    return {"id": "a", "title": "A", "event": events}


def _problems(data: dict[str, Any]) -> list[Problem]:
    try:
        read(["a.toml"], [tomli_w.dumps(data).encode()])
    except FileErrors as refused:
        return list(refused.problems)
    return []


def _pasted(data: dict[str, Any], problems: list[Problem]) -> None:
    """Every offer put into its place, as its reader would."""
    for problem in problems:
        (offer,) = problem.diagnostic.suggestions
        place: Any = data
        for step in problem.path[:-1]:
            place = place[step]
        place[problem.path[-1]] = offer.write


def _offer(data: dict[str, Any]) -> str:
    (problem,) = _problems(data)
    (offer,) = problem.diagnostic.suggestions
    return offer.write


@rows("written", LIKE)
def test_a_name_in_other_letters_is_offered_as_an_id_that_says_the_same(written: str) -> None:
    assert _offer(_data(written)) == LIKE[written]


@pytest.mark.parametrize("written", [name for name in BY_KIND if name])
def test_a_name_that_leaves_no_id_is_offered_one_by_its_kind_and_place(written: str) -> None:
    assert _offer(_data("a1", "a2", written)) == BY_KIND[written]


def test_an_id_that_is_offered_is_free_in_the_file() -> None:
    data = _data("契約終了", "contract-end", "契約・終了", "contract-end-2")

    problems = _problems(data)

    offers = [problem.diagnostic.suggestions[0].write for problem in problems]
    assert offers == ["contract-end-3", "contract-end-4"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=6))
def test_whatever_ids_a_file_has_it_loads_with_what_is_offered(names: list[str]) -> None:
    printable = [name if name.isprintable() and name.strip() else "契約" for name in names]
    data = _data(*dict.fromkeys(printable))

    _pasted(data, _problems(data))

    assert _problems(data) == []
    ids = [event["id"] for event in data["event"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(?:[-._][a-z0-9]+)*", name) for name in ids)


def test_lines_that_name_such_an_event_are_offered_with_its_new_id() -> None:
    data = _data("契約終了", "解約通知", "b", "c", "d", "contract-end")
    data["event"][2]["when"] = "30 days after 契約終了"
    data["event"][3]["when"] = "解約通知から30日以内"
    data["event"][4]["when"] = "earliest of 契約終了, 解約通知, 2027-06-30"

    problems = _problems(data)
    _pasted(data, problems)

    assert _problems(data) == []
    assert [event["when"] for event in data["event"][2:5]] == [
        "30 days after contract-end-2",
        "within 30 days after termination-notice",
        "earliest of contract-end-2, termination-notice, 2027-06-30",
    ]


@pytest.mark.parametrize("line", ["契約終了の翌日", "1 day after 契約終了"])
def test_a_line_that_names_an_event_that_lasts_is_offered_with_its_end_and_its_start(
    line: str,
) -> None:
    data = _data("契約終了", "b")
    del data["event"][0]["when"]
    data["event"][0] |= {"starts": "2027-01-01", "ends": "2027-12-31"}
    data["event"][1]["when"] = line

    (_, problem) = sorted(_problems(data), key=lambda problem: str(problem.path[-1]))

    assert [offer.write for offer in problem.diagnostic.suggestions] == [
        "1 day after end of contract-end",
        "1 day after start of contract-end",
    ]


def test_ids_of_agreements_amendments_and_sources_are_offered_too() -> None:
    data = _data("b")
    data["id"] = "賃貸借契約書"
    data["amendment"] = [{"id": "変更契約", "on": "2027-01-01", "event": []}]

    _pasted(data, _problems(data))

    assert (data["id"], data["amendment"][0]["id"]) == ("lease-contract", "change-contract")


def test_a_refused_id_is_said_in_every_language() -> None:
    data = _data("契約終了", "b")
    data["event"][1]["when"] = "30 days after 契約終了"

    with pytest.raises(FileErrors) as refused:
        read(["a.toml"], [tomli_w.dumps(data).encode()])

    for language in LANGUAGES:
        said = "\n".join(reports(refused.value.problems, refused.value.texts, language))
        assert 'id = "contract-end"' in said
        assert 'when = "30 days after contract-end"' in said


def test_a_file_that_is_named_in_other_letters_names_its_agreement() -> None:
    assert id_like("賃貸借契約書") == "lease-contract"
