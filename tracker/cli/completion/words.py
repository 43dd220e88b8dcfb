"""The words that could stand next in a call: `tracker completion words SHELL …`, asked at each Tab.

Answered in a tenth of a second, so nothing is loaded that reads dates or TOML. Each line is a
word, a tab and what it means; a first line of `:files` leaves it to the shell to complete a file's
name, `:nospace` says that more of the word is to come. Words with signs that steer a terminal are
left out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from tracker.cli.completion.call_table import Table, call_table

#: Bash splits words at these, whether the shell's words do or not.
_BREAKS = "=:@"
_MOST_BYTES = 64_000_000
_LONGEST_TITLE = 60
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
#: What an option's or an argument's value is, by the option, the argument, or its metavar.
_KINDS = {
    "--agreement": "agreement", "--party": "party", "--tag": "tag", "--during": "event",
    "--source": "source", "--amendment-source": "source", "new_id": "", "AMENDMENT": "amendment",
    "ID": "event", "POINT": "point", "POINT=DAY": "supposed", "POINT=DAY|never": "supposed",
    "DAY": "day", "[DAY]": "day", "ZONE": "zone", "FILE": "file", "FILE...": "file", "DIR": "file",
    "SOURCE...": "file", "|": "",
}  # fmt: skip


class WordPlace(NamedTuple):
    """Where in a call the next word stands."""

    before: tuple[str, ...]  #: the words before it, without the program's name
    begun: str  #: what of it is written, without quotes
    quote: str = ""  #: the quote that it stands in
    cut: int = 0  #: how many characters of it the shell takes for words of their own


def print_words(arguments: Sequence[str]) -> None:
    """Prints the words, each with what it means."""
    shell, *rest = arguments or ("bash",)
    language = os.environ.get("TRACKER_LANG") or next(
        (os.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), "en"
    )
    place = place_in_line(rest[0] if rest else "") if shell == "bash" else _place_of_words(rest)
    rows = [f"{word}\t{meaning}" for word, meaning in words_for(place, call_table(language[:2]))]
    is_bash = shell == "bash"
    answer = [_as_bash(row, place) if is_bash and not row.startswith(":") else row for row in rows]
    print("\n".join(row.removesuffix("\t") for row in answer if row))


def place_in_line(line: str) -> WordPlace:
    """The place at the end of a line of bash, of which `tracker` is the first word.

    >>> place_in_line('tracker show "end of t')
    WordPlace(before=('show',), begun='end of t', quote='"', cut=0)
    >>> place_in_line("tracker what-if a\\\\ b=")
    WordPlace(before=('what-if',), begun='a b=', quote='', cut=4)
    """
    words, quote, cut, has_begun = [""], "", 0, False
    signs = iter(line)
    for sign in signs:
        if quote:
            if sign == quote:
                quote = ""
            else:
                is_escape = sign == "\\" and quote == '"'
                words[-1] += next(signs, "") if is_escape else sign
        elif sign in "\"'":
            quote, has_begun = sign, True
        elif sign.isspace():
            if words[-1] or has_begun:
                words.append("")
            cut, has_begun = 0, False
        else:
            words[-1] += next(signs, "") if sign == "\\" else sign
            if sign in _BREAKS:
                cut = len(words[-1])
    return WordPlace(tuple(words[1:-1]), words[-1], quote, cut)


def _place_of_words(words: Sequence[str]) -> WordPlace:
    """The place as zsh, fish and PowerShell name it: the last word has a + before it."""
    if not words:
        return WordPlace((), "")
    last = place_in_line(f"tracker {words[-1][1:]}")
    return WordPlace(tuple(words[1:-1]), last.begun, last.quote)


def words_for(place: WordPlace, table: Table) -> Iterator[tuple[str, str]]:
    """The words that go on from what is begun, each with what it means."""
    names = [name for name, _ in table["commands"]]
    command = next((word for word in place.before if word in names), "")
    call = table["calls"][command]
    values = {name: value for opts, value, _ in call["options"] for name in opts}
    option, equals, begun = place.begun.partition("=")
    previous = place.before[-1] if place.before else ""
    if values.get(previous):
        yield from _of_value(previous, values[previous], place.begun, place, "")
    elif equals and values.get(option):
        yield from _of_value(option, values[option], begun, place, f"{option}=")
    elif place.begun.startswith("-"):
        options = ((name, meaning) for opts, _, meaning in call["options"] for name in opts)
        yield from _fitting(options, place.begun)
    elif not command:
        yield from _fitting([*table["commands"], ("help", "")], place.begun)
    else:
        name, metavar = _argument(place, command, call, values)
        yield from _of_value(name, metavar, place.begun, place, "")


def _argument(
    place: WordPlace, command: str, call: dict[str, Any], values: dict[str, str]
) -> tuple[str, str]:
    """Which argument of the command stands there; the last one may be given several times."""
    behind = place.before[place.before.index(command) + 1 :]
    pairs = zip(("", *behind), behind, strict=False)
    number = sum(not word.startswith("-") and not values.get(before) for before, word in pairs)
    arguments = call["arguments"] or [("", "")]
    name, metavar = arguments[min(number, len(arguments) - 1)]
    return name, metavar


def _of_value(
    name: str, metavar: str, begun: str, place: WordPlace, before: str
) -> Iterator[tuple[str, str]]:
    kind = _KINDS.get(name, _KINDS.get(metavar, metavar if "|" in metavar else ""))
    if kind == "file":
        yield ":files", ""
    elif kind == "supposed" and "=" in begun:
        point = begun.partition("=")[0]
        days = (("today", ""), ("tomorrow", ""), ("never", ""))
        yield from _fitting(((f"{before}{point}={day}", "") for day, _ in days), before + begun)
    elif kind:
        if kind == "supposed":
            yield ":nospace", ""
        rows = ((before + word, meaning) for word, meaning in _of_kind(kind, place))
        yield from _fitting(rows, before + begun)


def _of_kind(kind: str, place: WordPlace) -> Iterator[tuple[str, str]]:
    if "|" in kind:
        yield from ((word, "") for word in kind.split("|"))
    elif kind == "day":
        yield from ((day, "") for day in ("today", "yesterday", "tomorrow"))
    elif kind == "zone":
        from zoneinfo import available_timezones

        yield from ((zone, "") for zone in sorted(available_timezones()))
    else:
        yield from _named(kind, _files(place.before))


def _named(kind: str, files: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """What the files name of a kind."""
    from tracker.files.glance import names_at_a_glance

    left = _MOST_BYTES
    for file in files:
        try:
            if not file.is_file() or (size := file.stat().st_size) > left:
                continue
            names = names_at_a_glance(file.read_text("utf-8-sig", errors="replace"))
        except OSError:
            continue
        left -= size
        if kind not in ("point", "supposed"):
            yield from names[kind].items()
            continue
        end = "=" if kind == "supposed" else ""
        for name, title in names["event"].items():
            edges = ("start of ", "end of ") if name in names["lasting"] else ("",)
            yield from ((f"{edge}{name}{end}", title) for edge in edges)


def _files(words: Sequence[str]) -> Iterator[Path]:
    """The files that the call names, else those of the environment; of a folder each."""
    named = [after for before, after in pairwise(words) if before in _FILE]
    named += [word.partition("=")[2] for word in words if word.startswith("--file=")]
    environment = os.environ.get("TRACKER_FILE", "").split(os.pathsep)
    for name in named or list(filter(None, environment)) or ["events.toml"]:
        path = Path(name).expanduser()
        try:
            names = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        except OSError:
            continue
        yield from (file for file in names if file.name != "tracker.toml")


_FILE = ("-f", "--file")


def _fitting(rows: Iterable[tuple[str, str]], begun: str) -> Iterator[tuple[str, str]]:
    seen = set()
    for word, meaning in rows:
        if word.startswith(begun) and word not in seen and not _CONTROL.search(word):
            seen.add(word)
            yield word, _CONTROL.sub(" ", meaning)[:_LONGEST_TITLE]


def _as_bash(row: str, place: WordPlace) -> str:
    """The word as bash has to insert it: quoted, and without what it takes for words before it."""
    word = row.partition("\t")[0][place.cut :]
    if place.quote:
        return "" if re.search(r"[\"'$`\\!]", word) else word
    return re.sub(r"([^\w./=@:,+%-])", r"\\\1", word)
