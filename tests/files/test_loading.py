"""Files are read, joined, kept in the cache, and refused with everything that is wrong."""

from __future__ import annotations

import marshal
import os
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tracker import cli
from tracker.files.cache import KEPT, Cache, _checksum, cache_key
from tracker.files.excerpts import reports
from tracker.files.loading import load
from tracker.files.problems import FileErrors
from tracker.timeline.resolver import resolve

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "events.toml"
AMENDMENT = ROOT / "examples" / "amendment-2026-04-27.toml"
TODAY = date(2026, 11, 25)
HEAD = 'id = "x"\n'


def refused(folder: Path, *texts: str | bytes) -> list[str]:
    """What is said of files with these texts, one report a problem."""
    files = []
    for at, text in enumerate(texts, start=1):
        file = folder / f"{at}.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        files.append(file)
    with pytest.raises(FileErrors) as errors:
        load(files)
    found = reports(errors.value.problems, errors.value.texts, "en")
    return [report.replace(f"{folder}/", "") for report in found]


def places(folder: Path, *texts: str | bytes) -> list[str]:
    """Only the place and the message of each."""
    return [report.splitlines()[0] for report in refused(folder, *texts)]


def test_an_error_shows_its_line_a_mark_and_what_to_write(tmp_path: Path) -> None:
    event = '[[event]]\nid = "終-a"\ntitle = "t"\n[[event]]\nid = "b"\ntitle = "t"\nwhen = "2030"\n'

    reports_ = refused(tmp_path, HEAD + event.replace("終-", ""))

    assert reports_[1].splitlines() == [
        "1.toml:8:9: 2030 alone does not say which day of it is meant",
        '    8 | when = "2030"',
        "      |         ^^^^",
        '  write  when = "through 2030"    a deadline: 31 December 2030 is its last day',
        '  or     when = "in 2030"         it happens on an unknown day of it',
    ]


def test_a_mark_stands_below_wide_characters(tmp_path: Path) -> None:
    text = HEAD + '[[event]]\nid = "a"\nwhen = "open"\ntitle = { ja = "終了", e_n = "x" }\n'

    line, mark = refused(tmp_path, text)[0].splitlines()[1:3]

    assert line.index("e_n") + len("終了") == mark.index("^")


def test_all_errors_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    first = (
        HEAD + 'remindres = []\ntimezone = "Europe/Belrin"\n[[event]]\nid = "a"\nwhen = "by 2030"\n'
    )
    second = '[[event]]\nid = "a"\ntitle = "t"\nwhen = "1 day after b"\nurl = "javascript:x"\n'

    assert places(tmp_path, first, second) == [
        (
            "1.toml:2:1: `remindres` is no key that is known here; there are id, amends, title, language,"
            " timezone, calendar, counting, closed, announced, reminders, sources, event, amendment"
        ),
        "1.toml:3:13: `Europe/Belrin` is no time zone; they have names like Europe/Berlin, or UTC",
        "1.toml:4:3: `title` is missing",
        "1.toml:6:9: “by” is read both ways: is the day named still part of it?",
        "2.toml:2:6: `a` is the id of another event",
        "2.toml:5:8: a link begins with https:// or http://",
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"", "1.toml:1:1: the file is empty: an agreement begins with its id"),
        (b"# nothing\n", "1.toml:1:1: the file is empty: an agreement begins with its id"),
        (b'id = "x"\nb =\n', ("1.toml:2:4: this is not TOML: a value should stand here: a text in"
         " quotes, a day, a number, a list")),
        (b'id = "x"\ntitle = "\xff"\n', ("1.toml:2:10: the file is not UTF-8: here stands the byte"
         " 0xFF")),
        (b'id = "x"\nid = "y"\n', "1.toml:2:9: this is not TOML: the key or table stands twice"),
        (b"id = 7\n", "1.toml:1:6: `id` takes a text in quotes"),
        (b'title = "x"\n', ("1.toml:1:1: the file has no `id`, and no agreement is loaded that it"
         " could amend")),
        (b'id = "x"\ntitle = "a\\u0007b"\n', ("1.toml:2:11: a text holds no control characters, and"
         " this is U+0007")),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_at_its_place(
    tmp_path: Path, text: bytes, place: str
) -> None:
    assert places(tmp_path, text) == [place]


@pytest.mark.parametrize("text", [b"", b"# nothing\n", b" \n\n"])
def test_a_file_that_was_emptied_is_no_amendment_of_the_one_beside_it(
    tmp_path: Path, text: bytes
) -> None:
    beside = b'id = "x"\n[[event]]\nid = "y"\ntitle = "Y"\nwhen = 2030-01-01\n'

    assert places(tmp_path, beside, text) == [
        "2.toml:1:1: the file is empty: an agreement begins with its id"
    ]


def test_byte_order_marks_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    file = tmp_path / "events.toml"
    file.write_bytes(b"\xef\xbb\xbf" + SHIPPED.read_bytes().replace(b"\n", b"\r\n"))

    assert load([file]) == load([SHIPPED])


def test_an_amending_file_adds_to_the_agreement_loaded_with_it() -> None:
    agreement = load([SHIPPED, AMENDMENT])[0]

    assert len(agreement.events) == 21
    assert [len(amendment.changes) for amendment in agreement.amendments] == [8]


def test_an_error_in_an_amended_view_is_shown_in_the_amendment(tmp_path: Path) -> None:
    first = HEAD + '[[event]]\nid = "a"\ntitle = "t"\nwhen = "open"\n'
    second = (
        '[[amendment]]\nid = "m"\non = 2026-01-01\n[[amendment.event]]\nid = "a"\n'
        'when = "1 day after a"\n'
    )

    assert places(tmp_path, first, second) == [
        "2.toml:6:21: these hang on one another in a circle: a → a (after the amendment m)"
    ]


@pytest.mark.parametrize(
    ("wrong", "follows"),
    [
        ('ends = "by 2030"', 'when = "end of a"'),
        ('starts = "2027-01-01"\nlasts = "1 year"\nrenews = "annually"', 'when = "each end of a"'),
        ('starts = "2027-01-01"\nlasts = "one year"\nrenews = "1 year"', 'when = "end of a"'),
        ('starts = "by 2027"\nlasts = "1 year"', 'when = "start of a"'),
        ('when = "by 2027"\nrepeats = "1 month"', 'when = "each a"'),
        ('when = "2027-01-01"\nrepeats = "monthly"', 'when = "9 days after each a"'),
        (
            'when = "open"\nrepeats = "whenever"\noccurred = { "n-1" = 2026-01-01 }',
            'when = "each a"',
        ),
        ('when = "by 2027"\noccurred = 2026-01-01', 'when = "a"'),
        ('starts = "by 2027"', 'when = "2027-01-01"\nrepeats = "1 month"\nduring = "a"'),
    ],
)
def test_what_only_follows_from_another_error_is_not_told(
    tmp_path: Path, wrong: str, follows: str
) -> None:
    text = HEAD + (
        f'[[event]]\nid = "a"\ntitle = "t"\n{wrong}\n[[event]]\nid = "b"\ntitle = "t"\n{follows}\n'
    )

    assert len(places(tmp_path, text)) == 1


def test_the_cache_gives_back_what_was_read(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    files = [SHIPPED, AMENDMENT]

    read = load(files, cache)
    kept = load(files, cache)

    assert len(list((tmp_path / "cache").iterdir())) == 1
    assert kept == read
    assert [_lines(one.events) for one in kept] == [_lines(one.events) for one in read]
    assert (tmp_path / "cache").stat().st_mode & 0o777 == 0o700


def _lines(events: object) -> list[object]:
    return [
        [getattr(part, "form", part) for part in event]
        for event in events  # type: ignore[attr-defined]
    ]


def test_an_edit_of_one_letter_is_seen_at_once(tmp_path: Path) -> None:
    cache, file = Cache(tmp_path / "cache"), tmp_path / "events.toml"
    text = HEAD + '[[event]]\nid = "a"\ntitle = "one"\nwhen = "open"\n'
    file.write_text(text)
    load([file], cache)

    file.write_text(text.replace("one", "two"))

    assert load([file], cache)[0].events[0].title == (("en", "two"),)


def test_a_damaged_cache_is_only_slower(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    load([SHIPPED], cache)
    for file in (tmp_path / "cache").iterdir():
        file.write_bytes(file.read_bytes()[:-9])

    assert len(load([SHIPPED], cache)[0].events) == 21


def _with_column(kept: Any, at: int, column: object) -> Any:
    digests, (name, fields) = kept[0]
    events = next(part for part in fields if type(part) is list and part[0] == "events")
    length, *columns = events[1]
    columns[at] = column
    changed = ["events", (length, *(part for part in columns if part is not None))]
    return [(digests, [name, [changed if part is events else part for part in fields]])]


@pytest.mark.parametrize(
    "change",
    [
        lambda kept: None,
        lambda kept: 3,
        lambda kept: [1, 2],
        lambda kept: [((), kept[0][1])],
        lambda kept: [(kept[0][0], ["Agreement", ()])],
        lambda kept: [(kept[0][0], ["Window", (1, 2)])],
        lambda kept: [(kept[0][0], ["Nonsense", (1, 2)])],
        lambda kept: [(kept[0][0], [kept[0][1][0], [7, *kept[0][1][1][1:]]])],
        lambda kept: [(kept[0][0], [kept[0][1][0], [*kept[0][1][1][:10], ("x",), ()]])],
        *(lambda kept, at=at: _with_column(kept, at, ([7], None)) for at in (1, 2, 3, 7, 18)),
        lambda kept: _with_column(kept, 23, None),
    ],
)
def test_what_is_kept_with_a_right_checksum_and_a_wrong_shape_is_only_slower(
    tmp_path: Path, change: Callable[[Any], Any]
) -> None:
    cache = Cache(tmp_path / "cache")
    read = load([SHIPPED], cache)
    (file,) = cache.folder.iterdir()
    kept = marshal.loads(file.read_bytes()[4:])  # noqa: S302 - written a moment ago
    body = marshal.dumps(change(kept))
    file.write_bytes(_checksum(body) + body)

    assert load([SHIPPED], cache) == read


def test_what_is_kept_wrong_in_its_depth_is_at_fault_once_and_then_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cache = Cache(tmp_path / "tracker")
    load([SHIPPED], cache)
    (theirs := cache.folder / "meta.db").touch()
    monkeypatch.setattr("tracker.cli.app.run", lambda _arguments: dict[str, int]()["events"])

    assert cli.call(["-f", str(SHIPPED), "list"]) == 1

    assert "a fault in tracker itself" in capsys.readouterr().err
    assert list(cache.folder.iterdir()) == [theirs]


def test_what_another_build_with_other_classes_has_kept_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache(tmp_path / "cache")
    load([SHIPPED], cache)
    (file,) = cache.folder.iterdir()
    monkeypatch.setattr("tracker.files.cache.CLASS_FIELDS", b"other classes")
    key = cache_key([SHIPPED.read_bytes()])
    (cache.folder / key).write_bytes(file.read_bytes())

    assert key != file.name
    assert cache.get(key) is None


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda file: file.symlink_to("/dev/zero")])
def test_what_is_no_file_in_the_cache_is_only_slower(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    cache = Cache(tmp_path / "cache")
    read = load([SHIPPED], cache)
    (file,) = cache.folder.iterdir()
    file.unlink()
    make(file)

    assert load([SHIPPED], cache) == read


def test_of_a_folder_that_another_program_keeps_files_in_only_ours_are_let_go(
    tmp_path: Path,
) -> None:
    cache = Cache(tmp_path / "cache")
    load([SHIPPED], cache)
    (kept,) = cache.folder.iterdir()
    theirs = [cache.folder / f"meta-{number}.db" for number in range(KEPT + 8)]
    for file in theirs:
        file.touch()
    (cache.folder / "old").mkdir()
    for number in range(KEPT + 8):
        (cache.folder / f"{number:064x}").write_bytes(b"old")
    for file in cache.folder.iterdir():
        os.utime(file, (0, 0))
    kept.unlink()

    load([SHIPPED], cache)

    assert all(file.exists() for file in theirs)
    assert len(list(cache.folder.iterdir())) == len(theirs) + 1 + KEPT
    assert cache.get(kept.name) is not None


def test_a_cache_of_another_user_is_neither_read_nor_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache(tmp_path / "cache")
    read = load([SHIPPED], cache)
    (file,) = cache.folder.iterdir()
    monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)

    assert cache.get(file.name) is None
    file.unlink()
    assert load([SHIPPED], cache) == read
    assert list(cache.folder.iterdir()) == []


def test_a_cache_that_others_can_write_is_not_read(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    load([SHIPPED], cache)
    (tmp_path / "cache").chmod(0o777)

    assert cache.get(next((tmp_path / "cache").iterdir()).name) is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ('when = "2026-11-26"\nroll = "nxt"', "`nxt` is no way to roll"),
        ('when = "2026-11-26"\nroll = "next"', "`roll` needs to know whose days"),
        ('when = "2026-11-26"\ncalendar = "USA"', "there is no calendar `USA`"),
        ('starts = "2026-01-01"\nlasts = "5 hours"', "a term is counted in days"),
        ('starts = "2026-01-01"\nlasts = "0 days"', "a term lasts a day at least"),
        ('starts = "2026-01-01"\nlasts = "one year"', "numbers are written in digits, once"),
        ('starts = "2026-01-01"\nlasts = 3', "`lasts` takes a text in quotes"),
        ('starts = "2026-01-01"\nends = "2027"\nlasts = "1 year"', "2027 alone does not say"),
        (
            'starts = "2026-01-01"\nends = "x"\nlasts = "1 year"',
            "`lasts` stands in place of `ends`",
        ),
        ('lasts = "1 year"', "`lasts` is counted from `starts`"),
        ('when = "open"\nlasts = "1 year"', "`lasts` does not go with `when`"),
        ("when = 2028-03-15T17:00:30", "times go to the minute"),
        ("when = 2028-03-15T17:00:00+09:00", "an offset is no zone"),
        ("when = 17:00:00", "a line of dates is a text in quotes, or a day"),
        ('when = "open"\noccurred = "2026-11-26 25:00"', "25:00 is no time of day"),
        ('when = "open"\noccurred = "2028-03-26 02:30"', "the clocks of Europe/Berlin skip this"),
        ('when = "open"\noccurred = "through 2026"', "`occurred` takes a day, or a day and a time"),
        ('when = "9999-12-31 23:59 AoE"', "this falls outside the years 0001 to 9999"),
        ('starts = "2026-01-31"\nends = "30 days before start of y"', "it would end on 2026-01-01"),
    ],
)
def test_a_field_of_dates_is_refused_in_its_own_words(
    tmp_path: Path, fields: str, said: str
) -> None:
    found = places(
        tmp_path,
        'id = "a"\ntimezone = "Europe/Berlin"\n[[event]]\nid = "y"\ntitle = "Y"\n' + fields + "\n"
        '[[event]]\nid = "x"\ntitle = "X"\nwhen = "open"\n',
    )

    assert len(found) == 1
    assert said in found[0]


def test_a_toml_date_time_is_as_good_as_the_same_in_quotes(tmp_path: Path) -> None:
    file = tmp_path / "events.toml"
    file.write_text(
        'id = "a"\n[[event]]\nid = "x"\ntitle = "X"\nwhen = 2028-03-15T17:00:00\n'
        '[[event]]\nid = "y"\ntitle = "Y"\nwhen = 2028-03-15 17:00:00Z\n'
        "occurred = 2028-03-15 16:30:00Z\n"
    )

    x, y = load([file])[0].events

    assert x.when is not None
    assert y.when is not None
    assert (x.when.statement, y.when.statement) == ("2028-03-15 17:00", "2028-03-15 17:00 UTC")
    assert str(y.occurred) == "2028-03-15 16:30 UTC"


def test_every_word_comes_out_of_the_cache_as_it_went_in(tmp_path: Path) -> None:
    example = ROOT / "examples" / "lease.toml"
    cache = Cache(tmp_path / "cache")

    read, kept = load([example], cache), load([example], cache)

    assert list((tmp_path / "cache").iterdir())
    assert resolve(kept, TODAY).bounds_by_key == resolve(read, TODAY).bounds_by_key
    for before, after in zip(read[0].events, kept[0].events, strict=True):
        for side in ("when", "start", "end"):
            line, again = before.line(side), after.line(side)
            assert (line and line.form) == (again and again.form)
        assert before.occurred == after.occurred


def test_two_files_with_one_id_are_refused_for_that_alone(tmp_path: Path) -> None:
    event = '[[event]]\nid = "x"\ntitle = "T"\nwhen = "{}"\n'

    assert places(
        tmp_path, HEAD + event.format("5 days after b/x"), HEAD + event.format("open")
    ) == ["2.toml:1:6: another file has the same agreement id, `x`"]


def test_one_changed_file_of_many_is_read_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = '[[event]]\nid = "x"\ntitle = "one"\nwhen = "open"\n'
    files = [tmp_path / f"{number}.toml" for number in range(20)]
    for number, file in enumerate(files):
        file.write_text(f'id = "a{number}"\n{text}')
    cache = Cache(tmp_path / "cache")
    load(files, cache)
    texts: list[str] = []
    loads = tomllib.loads

    def noting_loads(text: str) -> dict[str, Any]:
        texts.append(text)
        return loads(text)

    monkeypatch.setattr(tomllib, "loads", noting_loads)

    files[7].write_text(f'id = "a7"\n{text}'.replace("one", "two"))
    titles = [agreement.events[0].title[0][1] for agreement in load(files, cache)]

    assert titles == ["two" if number == 7 else "one" for number in range(20)]
    assert set(texts) == {files[7].read_text()}
