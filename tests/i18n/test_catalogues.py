"""Every sentence is there in every language, and is used somewhere; a language is one file."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from inspect import signature
from pathlib import Path
from string import Formatter
from typing import get_args, get_type_hints

import pytest

from tests.end_to_end.processes import environment
from tests.i18n.names_in_code import ROOT, Call, texts_of_the_program
from tests.shipped import EVENTS
from tracker.cli.commands import command_names, load_command
from tracker.cli.event_keys import event_key_options
from tracker.cli.options import with_request
from tracker.dates.lead_times import parse_lead
from tracker.dates.words import all_words
from tracker.i18n.points import lead_text
from tracker.i18n.translate import LANGUAGES, catalogue
from tracker.imports.reading import all_formats
from tracker.timeline.causes import Cause

#: Of these functions the argument that names a sentence, and what stands before it there.
NAMING = {
    ("translate", False): (1, ""),
    ("translate", True): (0, "page."),
    ("write", True): (0, ""),  # an entry of the log
    ("CallError", False): (0, ""),
    ("Field", False): (0, ""),
    ("Diagnostic", False): (0, "diagnostic."),
    ("Reason", False): (0, "reason."),
    ("Suggestion", False): (1, "suggestion."),
    ("Note", False): (0, "note."),
}
#: Those of them that hand the values for its holes over by name.
FILLING = ("translate", "write", "CallError")
#: Holes that a language may leave out: how many there are, and a month by name or by number.
OPTIONAL = {"count", "month", "number"}


def _holes(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_missing_in_any_language(language: str) -> None:
    assert set(catalogue(language)) == set(catalogue("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_has_the_same_holes_in_every_language(language: str) -> None:
    for name, sentence in catalogue(language).items():
        english = catalogue("en")[name]
        assert _holes(sentence) - OPTIONAL == _holes(english) - OPTIONAL, name


def _help_names() -> set[str]:
    """The commands and what they take: each has its line of help."""
    commands = {name: with_request(load_command(name)) for name in command_names()}
    options = {name for command in commands.values() for name in signature(command).parameters}
    options -= {option.name for option in event_key_options()} | {"ctx"}  # one sentence for all
    return {f"help.{name}" for name in {"tracker", "help", "version", *commands, *options}}


def _cause_names() -> set[str]:
    kinds = get_args(get_type_hints(Cause)["kind"])
    return {f"cause.{kind.replace(' ', '-')}" for kind in kinds}


def _rule_names() -> set[str]:
    """Each word of the date language says by which rules it is explained."""
    return {f"why.{rule}" for word in all_words() for rule in word.rules()}


def _trouble_names() -> set[str]:
    """A page says what is wrong by the name that the health check has for it."""
    healths = (name for name in catalogue("en") if name.startswith("health."))
    return {name.replace("health.", "page.trouble.") for name in healths}


def _format_names() -> set[str]:
    """A format that can be imported has a name for people."""
    return {f"import.format.{known.name}" for known in all_formats()}


def _names(call: Call) -> list[str]:
    """The sentences that a call names."""
    at, begin = NAMING.get((call.function, call.is_method), (0, None))
    if begin is None or at >= len(call.texts):
        return []
    return [begin + text for text in call.texts[at] if text]


def _beginning_names() -> set[str]:
    """The sentences of the files that `tracker init` writes, which name them."""
    texts = [file.read_text() for file in (ROOT / "files" / "beginnings").glob("*.toml")]
    comments = re.findall(r"^#: (.+)$", "\n".join(texts), re.MULTILINE)
    titles = re.findall(r"\{: (.+?)\}", "\n".join(texts))
    return {f"init.comment.{name}" for name in comments} | {f"init.title.{name}" for name in titles}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_used_somewhere(language: str) -> None:
    names = set(catalogue(language))
    by_value = (
        _help_names()
        | _cause_names()
        | _rule_names()
        | _trouble_names()
        | _beginning_names()
        | _format_names()
    )

    unnamed = sorted(names - by_value)
    assert [name for name in unnamed if not texts_of_the_program().gives(name)] == []


@pytest.mark.parametrize(
    "name", ["agenda.nothing-such", "diagnostic.such", "help.such", "why.such"]
)
def test_a_sentence_that_is_used_nowhere_would_be_found(name: str) -> None:
    assert name not in _help_names() | _rule_names()
    assert not texts_of_the_program().gives(name)


def test_every_sentence_that_the_program_names_is_there() -> None:
    named = {name for call in texts_of_the_program().calls for name in _names(call)}

    assert len(named) > 400
    assert (
        sorted((named | _help_names() | _cause_names() | _beginning_names()) - set(catalogue("en")))
        == []
    )


def test_every_call_fills_the_holes_of_its_sentence() -> None:
    sentences = catalogue("en")

    for call in texts_of_the_program().calls:
        if call.function in FILLING and not call.is_open:
            for name in _names(call):
                assert _holes(sentences.get(name, "")) <= call.keywords, name


def test_a_third_language_is_one_file(tmp_path: Path) -> None:
    shutil.copytree(ROOT, tmp_path / "tracker", ignore=shutil.ignore_patterns("__pycache__"))
    spoken = (ROOT / "i18n" / "catalogues" / "en.py").read_text(encoding="utf-8")
    changed = spoken.replace('"status.exact": "exact"', '"status.exact": "eexxaacctt"')
    (tmp_path / "tracker" / "i18n" / "catalogues" / "xx.py").write_text(changed, encoding="utf-8")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            (sys.executable, "-m", "tracker", "-f", str(EVENTS), *arguments),
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            env={**environment(tmp_path), "PYTHONPATH": str(tmp_path)},
            check=False,
        )

    assert "eexxaacctt" in run("--lang", "xx", "list").stdout
    assert "eexxaacctt" not in run("--lang", "en", "list").stdout
    assert "xx" in run("--help").stdout
    refused = run("--lang", "qq", "list")
    assert refused.returncode == 2
    assert "en, ja, xx" in refused.stderr


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("unit", ["hour", "day", "week", "month", "quarter", "year"])
def test_every_lead_time_that_can_be_written_can_be_said(language: str, unit: str) -> None:
    for text in (f"0 {unit}s", f"1 {unit}", f"2 {unit}s", f"3 {unit}s after"):
        assert lead_text(parse_lead(text), language)
