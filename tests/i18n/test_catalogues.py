"""Every sentence is there in every language, and is said somewhere; a language is one file."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from string import Formatter

import pytest

import tracker
from tests.end_to_end.processes import environment
from tests.shipped import EVENTS
from tracker.dates.lead_times import read_lead
from tracker.i18n.points import lead_text
from tracker.i18n.translate import LANGUAGES, catalogue

ROOT = Path(tracker.__file__).parent
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in sorted(ROOT.rglob("*"))
    if path.suffix in (".py", ".html") and path.parent.name != "catalogues"
)
#: Every text in quotes, with what stands in its holes left open.
LITERALS = set(re.findall(r"""["'`]([\w .-]+)["'`]""", CODE))
PATTERNS = [
    re.compile(re.sub(r"\\\{.*?\\\}", "[a-z0-9 ._-]+", re.escape(found)))
    for found in re.findall(r"""f["']([a-z-]+\.[^"'\s]*\{[^"'\s]*)["']""", CODE)
]
#: Families whose last part the code hands over as a name of its own: Diagnostic("until"), Note("tie").
FAMILIES = (
    "diagnostic",
    "suggestion",
    "expected",
    "wanted",
    "toml",
    "note",
    "why",
    "month",
    "page",
)
#: Holes that a language may leave out: how many there are, and a month by name or by number.
OPTIONAL = {"count", "month", "number"}


def _holes(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_missing_in_any_language(language: str) -> None:
    names = {name for name in catalogue(language) if not name.endswith(".one")}

    assert names == {name for name in catalogue("en") if not name.endswith(".one")}
    assert {name.removesuffix(".one") for name in catalogue(language)} == names


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_has_the_same_holes_in_every_language(language: str) -> None:
    for name, sentence in catalogue(language).items():
        english = catalogue("en")[name.removesuffix(".one")]
        assert _holes(sentence) - OPTIONAL == _holes(english) - OPTIONAL, name


def _is_said(name: str) -> bool:
    family, _, last = name.partition(".")
    if name in LITERALS or any(
        pattern.fullmatch(name) for pattern in PATTERNS if family not in FAMILIES
    ):
        return True
    if family not in FAMILIES:
        return False
    if last in LITERALS or (family == "month" and re.fullmatch(r"[0-9]+(\.short)?", last)):
        return True
    # Diagnostic(f"…"), Note(f"rolled-holiday.{roll}"): a text with holes that gives this last part.
    made = re.findall(r"""f["']([a-z][a-z.-]*)\{""", CODE)
    return any(last.startswith(prefix) for prefix in made if prefix.endswith(("-", ".")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_said_somewhere(language: str) -> None:
    names = {name.removesuffix(".one") for name in catalogue(language)}

    rules = {
        f"why.{name}" for name in ("exact", "through", "before", "in", "between", "within", "open")
    }
    rules |= {"why.offset", "why.earliest", "why.latest"}  # named for their forms, in lower case
    rules |= {f"alerts.{name}" for name in ("went.none", "will.none")}
    rules |= {f"alerts.{name}.one-recipient" for name in ("acknowledged", "snoozed")}
    counted = {"countdown.days", "ago.days", "status.may-move"}  # "{which}.days" in dates.py
    assert [name for name in sorted(names - rules - counted) if not _is_said(name)] == []


@pytest.mark.parametrize(
    ("family", "made"),
    [
        ("diagnostic", r"Diagnostic\(\s*"),
        ("note", r"Note\(\s*"),
        ("suggestion", r"Suggestion\([^()]*(?:\([^()]*\))?[^()]*, "),
    ],
)
def test_everything_that_the_code_makes_has_a_sentence(family: str, made: str) -> None:
    cases = set(re.findall(rf"""{made}["']([a-z][a-z0-9.-]+)["'][,)]""", CODE))

    assert cases
    assert {f"{family}.{case}" for case in cases} <= set(catalogue("en"))


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
        assert lead_text(read_lead(text), language)
