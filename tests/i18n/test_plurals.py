"""What goes with a number has the form that the language asks for, in every sentence."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from string import Formatter

from tests.i18n.names_in_code import ROOT
from tests.rows import rows
from tracker.dates.diagnostics import Diagnostic
from tracker.i18n.diagnostics import message_of
from tracker.i18n.translate import LANGUAGES, catalogue, translate

NUMBERS = (0, 1, 2, 21)
#: Holes that are filled with a number, in whichever sentence.
HOLES = {
    "count", "rows", "new", "written", "unchanged", "removed", "sent", "waiting", "failed", "late",
}  # fmt: skip
#: A hole and a word behind it that may be a noun of many.
_HOLE_AND_NOUN = re.compile(r"\{(\w+)\} (?:\w+ )?\w{2,}s\b")
#: Holes before such words that hold a name or a day.
TEXTS = {
    "advice", "band", "number", "open", "parameter", "period", "waits", "which", "host", "agreement", "amendment", "before", "calendar", "causes", "channel", "day", "duty", "edge", "end",
    "event", "file", "files", "first", "id", "key", "label", "last", "lead", "link", "mailbox", "name",
    "names", "option", "own", "point", "recipient", "word", "ref", "start", "stated", "subject", "suppose",
    "add", "begun", "show", "term", "text", "title", "url", "what", "window", "words", "zone",
}  # fmt: skip
#: "1 events", "1 points have", "one others".
_WRONG_ONE = re.compile(
    r"\b(?:1|[Oo]ne) (?:more |left out )?(?:\w+s\b(?<!\bis)(?<!\bwas)|have|are|others)"
)


def _rule(language: str) -> list[int]:
    """Which form each of the numbers takes."""
    plural_form = import_module(f"tracker.i18n.catalogues.{language}").plural_form
    return [plural_form(number) for number in NUMBERS]


def _number_holes(sentence: str) -> list[tuple[str, str]]:
    """The holes for numbers, and the forms that stand in each."""
    return [
        (name, spec or "")
        for _, name, spec, _ in Formatter().parse(sentence)
        if name is not None and (name in HOLES or "#" in (spec or "") or "|" in (spec or ""))
    ]


COUNTED = [
    (language, name)
    for language in LANGUAGES
    for name, sentence in catalogue(language).items()
    if _number_holes(sentence)
]


def test_each_language_has_a_rule_for_every_number() -> None:
    assert {language: _rule(language) for language in LANGUAGES} == {
        "en": [1, 0, 1, 1],
        "ja": [0, 0, 0, 0],
    }
    assert len(COUNTED) > 90


@rows("language, name", COUNTED)
def test_each_counted_sentence_has_the_forms_of_its_language(language: str, name: str) -> None:
    forms = max(_rule(language)) + 1

    for hole, spec in _number_holes(catalogue(language)[name]):
        options = spec.split("|")
        assert len(options) in {1, forms}, hole
        if forms > 1:
            assert spec, (
                f"{hole}: {{{hole}:# day|# days}}, or {{{hole}:#}} where nothing goes with it"
            )
        assert len(options) == 1 or len(set(options)) == forms


@rows("language, name, number", [(*row, number) for row in COUNTED for number in NUMBERS])
def test_each_counted_sentence_is_right_for_none_for_one_and_for_many(
    language: str, name: str, number: int
) -> None:
    sentence = catalogue(language)[name]
    values: dict[str, object] = {hole: "X" for _, hole, _, _ in Formatter().parse(sentence) if hole}
    said = translate(
        language, name, **values | {hole: number for hole, _ in _number_holes(sentence)}
    )

    assert "#" not in said
    assert "|" not in said
    assert not _WRONG_ONE.search(said)
    if number != 1:
        assert str(number) in said
        assert not re.search(
            rf"\b{number} (?:day|week|month|year|hour|event|point|file|alert)\b", said
        )


def test_a_notice_is_late_by_one_day() -> None:
    late = Diagnostic("notice-late", (0, 0), (("day", "2028-12-31"), ("late", "1")))

    assert "was given 1 day late;" in message_of(late, "en")


def test_no_sentence_has_a_number_without_a_rule() -> None:
    """A hole before a plural is a name, or has forms; a hole that the program counts for has them."""
    found = {
        (name, match[1])
        for name, sentence in catalogue("en").items()
        for match in _HOLE_AND_NOUN.finditer(sentence)
    }

    assert {(name, hole) for name, hole in found if hole not in TEXTS} == set()
    assert _counted_keywords() <= HOLES


def _counted_keywords() -> set[str]:
    """The holes that calls of translate() fill with what is counted there."""
    return {
        str(keyword.arg)
        for file in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "translate"
        for keyword in node.keywords
        if isinstance(keyword.value, ast.BinOp)
        or (
            isinstance(keyword.value, ast.Call)
            and getattr(keyword.value.func, "id", "") in ("len", "sum", "abs")
        )
    }
