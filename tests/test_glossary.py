"""The glossary and the page on architecture name what is there in the code and on the screen."""

import re
from importlib import import_module
from operator import attrgetter
from pathlib import Path

from tests.rows import rows
from tracker.i18n.translate import catalogue

ROOT = Path(__file__).parents[1]
GLOSSARY, ARCHITECTURE = (
    " ".join((ROOT / "docs" / name).read_text("utf-8").split())
    for name in ("glossary.md", "architecture.md")
)
#: `Name`, `Name` and `Name` in `room/file.py`
_CITED = re.compile(r"((?:`[\w.]+`(?:, | and ))*`[\w.]+`) in `([\w/]+)\.py`")
CITATIONS = [
    (file.replace("/", "."), name)
    for names, file in _CITED.findall(GLOSSARY + ARCHITECTURE)
    for name in re.findall(r"`(.+?)`", names)
]
FILES = re.findall(r"`([\w/]+\.py)`", GLOSSARY + ARCHITECTURE)
JAPANESE = re.findall(r"- \*\*[^*]+\*\* ([^:]+):", GLOSSARY)
CENTRAL = """Agreement Amendment Change Event Line Source PointKey References Bounds Diagnostic
    Duration Form Instant Lead OpenDays Period Place Ref Renewal Side Suggestion Window Agenda Cause
    Changes Difference Point ResolverState State Status Step Supposed Timeline Acknowledgement
    AlertKey Coverage Digest DueMessage Plan Quiet Recipient Reminder"""


@rows("module, name", CITATIONS)
def test_each_name_is_where_the_pages_say(module: str, name: str) -> None:
    attrgetter(name)(import_module(f"tracker.{module}"))


def test_each_file_that_the_pages_name_is_there() -> None:
    assert [file for file in FILES if not (ROOT / "tracker" / file).is_file()] == []


def test_the_central_classes_have_an_entry() -> None:
    assert [name for name in CENTRAL.split() if f"`{name}`" not in GLOSSARY] == []


@rows("word", [word for words in JAPANESE for word in words.split("、")])
def test_a_japanese_word_is_in_the_interface_unless_it_is_marked(word: str) -> None:
    assert word.endswith("†") or any(word in text for text in catalogue("ja").values())
