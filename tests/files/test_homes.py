"""Which agreement a file amends: said by the file, whatever is loaded before or after it."""

from __future__ import annotations

import time
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tracker.files import incremental
from tracker.files.cache import Cache
from tracker.files.excerpts import reports
from tracker.files.loading import load
from tracker.files.problems import FileErrors
from tracker.files.reader import AssembledFiles, assemble

_EVENT = '[[event]]\nid = "rent"\ntitle = "Rent"\nwhen = 2027-01-01\n'
_AMENDMENT = (
    '[[amendment]]\nid = "later"\non = 2026-01-01\n[[amendment.event]]\nid = "rent"\n'
    "when = 2027-02-02\n"
)
ALPHA = f'id = "alpha"\n{_EVENT}'
MILL = f'id = "mill-street"\n{_EVENT}'


def files(folder: Path, texts: dict[str, str]) -> list[Path]:
    """The files with those texts, in that order."""
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return [folder / f"{name}.toml" for name in texts]


def amended(paths: list[Path], cache: Cache | None = None) -> list[str]:
    """The agreements that are amended, of those files."""
    return [agreement.id for agreement in load(paths, cache) if agreement.amendments]


def report(folder: Path, texts: dict[str, str], language: str = "en") -> list[str]:
    """What is said of the files, the lines of all reports."""
    with pytest.raises(FileErrors) as errors:
        load(files(folder, texts))
    pages = reports(errors.value.problems, errors.value.texts, "ja" if language == "ja" else "en")
    return "\n".join(pages).replace(f"{folder}/", "").splitlines()


@pytest.mark.parametrize("order", list(permutations(("alpha", "amendment", "mill-street"))))
def test_the_agreement_that_is_named_is_amended_in_whatever_order(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    texts = {
        "alpha": ALPHA,
        "amendment": f'amends = "mill-street"\n{_AMENDMENT}',
        "mill-street": MILL,
    }

    assert amended(files(tmp_path, {name: texts[name] for name in order})) == ["mill-street"]


@pytest.mark.parametrize("names", [("mill-street", "amendment"), ("amendment", "mill-street")])
def test_beside_a_single_agreement_nothing_has_to_be_said(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    texts = {"mill-street": MILL, "amendment": _AMENDMENT}

    assert amended(files(tmp_path, {name: texts[name] for name in names})) == ["mill-street"]


@pytest.mark.parametrize(
    "order", list(permutations(("alpha", "mill-street-amendment", "mill-street")))
)
def test_what_could_be_two_is_refused_with_the_lines_that_it_could_have(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    texts = {"alpha": ALPHA, "mill-street-amendment": _AMENDMENT, "mill-street": MILL}

    assert report(tmp_path, {name: texts[name] for name in order}) == [
        (
            "mill-street-amendment.toml:1:1: the file has no `id`, and several agreements are loaded: say"
            " which of them it amends"
        ),
        "    1 | [[amendment]]",
        "      | ^",
        '  write  amends = "mill-street"',
        '  or     amends = "alpha"',
        '  or     id = "mill-street-amendment"    an agreement of its own',
    ]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (
            {"a": ALPHA, "m": MILL, "x": f'amends = "mill-stret"\n{_AMENDMENT}'},
            [('x.toml:1:10: no agreement `mill-stret` is loaded; the file that has this `id` must be'
             ' loaded too'), '  write  amends = "mill-street"'],
        ),
        (
            {"a": ALPHA, "x": f'amends = "zzz"\n{_AMENDMENT}'},
            [('x.toml:1:10: no agreement `zzz` is loaded; the file that has this `id` must be loaded'
             ' too'), '  write  amends = "alpha"'],
        ),
        (
            {"x": f'amends = "alpha"\n{_AMENDMENT}'},
            [('x.toml:1:10: no agreement `alpha` is loaded; the file that has this `id` must be loaded'
             ' too'), '  write  id = "x"    an agreement of its own'],
        ),
        (
            {"X 1": _AMENDMENT},
            ["X 1.toml:1:1: the file has no `id`, and no agreement is loaded that it could amend",
             '  write  id = "x-1"    an agreement of its own'],
        ),
        (
            {"a": f'amends = "alpha"\n{ALPHA}'},
            [("a.toml:1:10: `alpha` is the id of this file's own agreement, which it states and cannot"
             " amend: leave `amends` out")],
        ),
        (
            {"a": f'amends = "mill-street"\n{ALPHA}', "m": f'amends = "alpha"\n{MILL}'},
            [("a.toml:1:10: a file that amends an agreement has no `id`, and one that has an `id`"
             " amends none"),
             '  write  amends = "mill-street"    a change of the agreement mill-street',
             '  or     id = "alpha"              an agreement of its own',
             ("m.toml:1:10: a file that amends an agreement has no `id`, and one that has an `id`"
             " amends none"),
             '  write  amends = "alpha"      a change of the agreement alpha',
             '  or     id = "mill-street"    an agreement of its own'],
        ),
        (
            {"a": f'amends = "mill-street"\nid = "of-its-own"\n{_AMENDMENT}', "m": MILL},
            [("a.toml:1:10: a file that amends an agreement has no `id`, and one that has an `id`"
             " amends none"),
             '  write  amends = "mill-street"    a change of the agreement mill-street',
             '  or     id = "of-its-own"         an agreement of its own'],
        ),
        (
            {"a": ALPHA, "m": MILL, "x": f"amends = 7\n{_AMENDMENT}"},
            ["x.toml:1:10: `amends` takes a text in quotes"],
        ),
        (
            {"a": ALPHA, "m": MILL, "x": f'amends = ["alpha"]\n{_AMENDMENT}'},
            ["x.toml:1:10: `amends` takes a text in quotes"],
        ),
        (
            {"a": ALPHA, "m": MILL, "x": f'amends = ""\n{_AMENDMENT}'},
            ["x.toml:1:10: `amends` is empty"],
        ),
        (
            {"a": ALPHA, "m": MILL,
             "x": f'amends = "alpha"\ntimezone = "Asia/Tokyo"\ntitle = "T"\n{_AMENDMENT}'},
            ["x.toml:2:12: `timezone` differs from the agreement's own, which is UTC",
                 '  write  timezone = "UTC"',
             "x.toml:3:1: `title` belongs into the file that has the agreement's `id`"],
        ),
        (
            {"a": ALPHA, "x": f'language = "ja"\ncalendar = "JP"\n{_AMENDMENT}'},
            ["x.toml:1:12: `language` differs from the agreement's own, which is en",
             '  write  language = "en"',
             "x.toml:2:1: `calendar` belongs into the file that has the agreement's `id`"],
        ),
        (
            {"a": "id = ", "x": f'amends = "alpha"\n{_AMENDMENT}', "y": _AMENDMENT, "m": MILL},
            [("a.toml:1:5: this is not TOML: a value should stand here: a text in quotes, a day, a"
             " number, a list")],
        ),
    ],
)  # fmt: skip
def test_what_a_file_says_of_its_agreement_is_refused_with_what_to_write(
    tmp_path: Path, texts: dict[str, str], said: list[str]
) -> None:
    printed = report(tmp_path, texts)

    assert [line for line in printed if " | " not in line] == said
    assert report(tmp_path, texts, "ja") != printed


@pytest.fixture
def assembled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which files are read, by name, since the last look."""
    names: list[str] = []

    def noting(its_names: list[str], contents: list[bytes], **how: Any) -> AssembledFiles:
        names.extend(Path(name).stem for name in its_names)
        return assemble(its_names, contents, **how)

    monkeypatch.setattr(incremental, "assemble", noting)
    return names


def _alone(paths: list[Path]) -> list[object]:
    """What the files say, read without a memory."""
    return list(load(paths))


@pytest.mark.parametrize("order", list(permutations(("alpha", "amendment", "mill-street"))))
def test_an_edit_of_one_file_reads_its_agreement_alone_and_as_all_of_it(
    tmp_path: Path, order: tuple[str, ...], assembled: list[str]
) -> None:
    texts = {
        "alpha": ALPHA,
        "amendment": f'amends = "mill-street"\n{_AMENDMENT}',
        "mill-street": MILL,
    }
    paths, cache = files(tmp_path, {name: texts[name] for name in order}), Cache(tmp_path / "cache")
    load(paths, cache)
    edits: tuple[tuple[str, str, set[str]], ...] = (
        ("alpha", ALPHA.replace("Rent", "Hire"), {"alpha"}),
        ("mill-street", MILL.replace("Rent", "Hire"), {"mill-street", "amendment"}),
        ("amendment", f'amends = "alpha"\n{_AMENDMENT}', {"alpha", "mill-street", "amendment"}),
    )
    for name, text, read in edits:
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        assembled.clear()

        kept = list(load(paths, cache))

        assert set(assembled) == read
        assert kept == _alone(paths)
    assert amended(paths, cache) == ["alpha"]


def test_a_second_agreement_beside_an_amendment_that_names_none_is_asked_about(
    tmp_path: Path,
) -> None:
    cache = Cache(tmp_path / "cache")
    texts = {"amendment": _AMENDMENT, "mill-street": MILL, "other": "# none yet"}
    paths = files(tmp_path, texts)
    load(paths[:2], cache)
    before = cache.last([str(path) for path in paths[:2]])

    paths[2].write_text(ALPHA, encoding="utf-8")
    names, contents = [path.name for path in paths], [path.read_bytes() for path in paths]

    with pytest.raises(FileErrors) as errors:
        incremental.read_parsed(names, contents, before)

    assert [problem.diagnostic.case for problem in errors.value.problems] == ["which-agreement"]


_DAY = '[[event]]\nid = "x"\ntitle = "X"\nwhen = 2027-01-01\n'
_HANGS = '[[event]]\nid = "y"\ntitle = "Y"\nwhen = "1 day after {}"\n'
_LASTS = (
    '[[amendment]]\nid = "{}"\non = {}\n[[amendment.event]]\nid = "{}"\nstarts = 2027-01-01\n'
    'remove = ["when"]\n'
)
_NOTED = '[[amendment]]\nid = "{}"\non = {}\n[[amendment.event]]\nid = "{}"\nnote = "Noted."\n'


@pytest.mark.parametrize(
    ("texts", "place", "named"),
    [
        # the line stands in the amended agreement itself
        ({"a": f'id = "a"\n{_DAY}{_HANGS.format("x")}{_LASTS.format("m", "2026-01-01", "x")}'},
         "a.toml:9", "the amendment m"),
        # in another agreement, that has no amendments
        ({"a": f'id = "a"\n{_DAY}{_LASTS.format("m", "2026-01-01", "x")}',
          "b": f'id = "b"\n{_HANGS.format("a/x")}'}, "b.toml:5", "the amendment a/m"),
        # in another agreement, by a file of its own that is loaded first
        ({"c": f'amends = "a"\n{_LASTS.format("m", "2026-01-01", "x")}',
          "b": f'id = "b"\n{_HANGS.format("a/x")}', "a": f'id = "a"\n{_DAY}'},
         "b.toml:5", "the amendment a/m"),
        # one of another agreement of the same day has nothing to do with it
        ({"a": f'id = "a"\n{_DAY}{_LASTS.format("m", "2026-01-01", "x")}',
          "b": f'id = "b"\n{_DAY}{_HANGS.format("a/x")}{_NOTED.format("n", "2026-01-01", "x")}'},
         "b.toml:9", "the amendment a/m"),
        # an earlier one that left all sound is not named
        ({"a": f'id = "a"\n{_DAY}{_LASTS.format("m", "2026-02-01", "x")}',
          "b": f'id = "b"\n{_HANGS.format("a/x")}{_NOTED.format("n", "2026-01-01", "y")}'},
         "b.toml:5", "the amendment a/m"),
    ],
)  # fmt: skip
def test_an_error_that_an_amendment_brings_in_names_it_wherever_the_line_stands(
    tmp_path: Path, texts: dict[str, str], place: str, named: str
) -> None:
    said = [line for line in report(tmp_path, texts) if ".toml" in line]

    assert len(said) == 1
    assert said[0].startswith(place)
    assert said[0].endswith(f"(after {named})")


def test_a_thousand_files_without_a_home_are_told_within_seconds(tmp_path: Path) -> None:
    """And of two hundred agreements the likest is offered, wherever it is loaded."""
    known = {f"a{number}": f'id = "street-number-{number}"\n' for number in range(200)}
    lost = {f"street-number-{number}-x": _AMENDMENT for number in range(199, -800, -1)}
    begun = time.monotonic()

    printed = report(tmp_path, {**known, **lost})

    assert time.monotonic() - begun < 20
    assert '  write  amends = "street-number-199"' in printed
    assert printed[-1] == "… and 799 more"
