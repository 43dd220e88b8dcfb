"""What `tracker import` shows before it writes: what becomes of each entry, and what does not."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from tracker.cli.import_values import (
    ImportTarget,
    PlannedSource,
    ReadSource,
    TriedImport,
    UnreadSource,
)
from tracker.cli.options import Request
from tracker.cli.output import print_json, width
from tracker.files.record_edits import toml_value
from tracker.i18n.columns import cut, printable
from tracker.i18n.controls import spell_controls
from tracker.i18n.reasons import Reason
from tracker.i18n.translate import Language, catalogue, comma_list, translate
from tracker.imports.foreign import ForeignContent, ForeignPlace, LeftOut, Question
from tracker.imports.plan import KeyChange, PlannedEvent

T = TypeVar("T")

#: So many rows of a kind are shown; the rest is a number. `--json` has all of them.
MOST_ROWS = 12
_MOST_PLACES = 3
_MOST_TEXT = 200


def print_unreadable(sources: Iterable[UnreadSource], language: Language) -> None:
    """Of each source that cannot be read why, a line each."""
    for source in sources:
        fault = source.fault
        reason = _sentence(language, f"import.unreadable.{fault.reason}", fault.values)
        values = {"source": spell_controls(source.name), "reason": reason}
        name = "import.unreadable"
        if fault.place is not None:
            name, values["place"] = "import.unreadable.at", place_text(fault.place, language)
        print(f"tracker: {translate(language, name, **values)}", file=sys.stderr)


def print_passed_over(source: str, names: Sequence[str], language: Language) -> None:
    """Which files of an archive are no calendars and no sheets."""
    if names:
        few = comma_list([printable(name, _MOST_TEXT) for name in names[:_MOST_PLACES]], language)
        few += " …" if len(names) > _MOST_PLACES else ""
        values = {"source": spell_controls(source), "count": len(names), "names": few}
        print(translate(language, "import.passed-over", **values), file=sys.stderr)


def print_questions(sources: Iterable[ReadSource], language: Language) -> None:
    """What has to be answered first, with what to write."""
    for source in sources:
        questions = source.content.questions
        if len(questions) > MOST_ROWS:
            more = translate(language, "import.more", count=len(questions) - MOST_ROWS)
            print(f"{spell_controls(source.name)}: {more}", file=sys.stderr)
        for question in questions[:MOST_ROWS]:
            print(question_text(source, question, language), file=sys.stderr)
            for answer in question.answers:
                say = translate(language, "import.question.answer", answer=answer)
                print(f"    {say}", file=sys.stderr)


def question_text(source: ReadSource, question: Question, language: Language) -> str:
    """What is asked, with the file and the first rows in which it stands."""
    text = _sentence(language, f"import.question.{question.name}", question.values)
    return f"{spell_controls(source.name)}{_places(question.places, language)}: {text}"


def print_preview(
    request: Request, target: ImportTarget, sources: Sequence[PlannedSource], attempt: TriedImport
) -> None:
    """What would be written, source by source."""
    language = request.language
    if request.as_json:
        print_json(_json(target, sources, attempt, language))
        return
    if target.begins and attempt.edits:
        print(translate(language, "record.begins", file=target.file), file=sys.stderr)
    if attempt.zone_of_machine is not None:
        zone = attempt.zone_of_machine
        print(translate(language, "import.timezone-of-machine", zone=zone), file=sys.stderr)
    for number, source in enumerate(sources):
        if number:
            print()
        for line in _source_lines(source, language):
            print(line)


def _source_lines(source: PlannedSource, language: Language) -> Iterable[str]:
    plan, content = source.plan, source.read.content
    kind = _sentence(language, f"import.format.{source.read.format}", ())
    yield translate(language, "import.head", source=spell_controls(source.read.name), format=kind)
    for remark in content.remarks:
        yield _sentence(language, f"import.remark.{remark.name}", remark.values)
    yield from (_fit(line) for line in _column_lines(content, language))
    refused = {id(event) for event, _ in source.refused}
    new = [event for event in plan.of_kind("new") if id(event) not in refused]
    changed = [event for event in plan.of_kind("changed") if id(event) not in refused]
    kept = [event for event in plan.events if event.kept]
    yield from _section("import.new", new, _new_lines, language)
    yield from _section(
        "import.changed", changed, lambda event: _changed_lines(event, language), language
    )
    yield from _section("import.kept", kept, lambda event: _kept_lines(event, language), language)
    if same := len(plan.of_kind("same")):
        yield translate(language, "import.same", count=same)
    yield from _section(
        "import.gone", plan.gone, lambda event: [f"  {event.id}  {_short(event.title)}"], language
    )
    yield from _section(
        "import.refused",
        source.refused,
        lambda pair: [f"  {_refused_text(pair, language)}"],
        language,
    )
    left_out = (*content.left_out, *plan.left_out)
    if left_out:
        yield translate(language, "import.left-out")
        yield from _first((f"  {left_out_text(part, language)}" for part in left_out), language)


def _column_lines(content: ForeignContent, language: Language) -> Iterable[str]:
    """Which column of a sheet became which key, with what stands in its first rows."""
    for column in content.columns:
        if column.key is None:
            continue
        values = {
            "key": column.key,
            "letters": column.letters,
            "heading": printable(column.heading, _MOST_TEXT),
            "first": printable(" | ".join(filter(None, column.first)), _MOST_TEXT),
        }
        name = "import.column" if column.heading else "import.column.plain"
        yield f"  {translate(language, name, **values)}"


def _section(
    name: str, rows: Sequence[T], lines: Callable[[T], Iterable[str]], language: Language
) -> Iterable[str]:
    if not rows:
        return
    yield translate(language, name, count=len(rows))
    for row in rows[:MOST_ROWS]:
        yield from lines(row)
    if len(rows) > MOST_ROWS:
        yield f"  {translate(language, 'import.more', count=len(rows) - MOST_ROWS)}"


def _first(lines: Iterable[str], language: Language) -> Iterable[str]:
    whole = list(lines)
    yield from whole[:MOST_ROWS]
    if len(whole) > MOST_ROWS:
        yield f"  {translate(language, 'import.more', count=len(whole) - MOST_ROWS)}"


#: The keys that say when an event is; the others are seen in the file.
_WHEN = ("when", "starts", "ends", "lasts", "repeats", "occurred", "withdrawn")


def _new_lines(event: PlannedEvent) -> Iterable[str]:
    yield _fit(f"  {event.id}  {_short(event.event.title)}")
    for change in event.changes:
        if change.key in _WHEN:
            yield _fit(f"    {change.key} = {_value(change.after)}")


def _changed_lines(event: PlannedEvent, language: Language) -> Iterable[str]:
    yield _fit(f"  {event.id}  {_short(event.event.title)}")
    for change in event.changes:
        if change.key != "imported":
            yield _fit(f"    {_change_text(change, language)}")


def _kept_lines(event: PlannedEvent, language: Language) -> Iterable[str]:
    yield _fit(f"  {event.id}  {_short(event.event.title)}")
    for change in event.kept:
        values = {"key": change.key, "before": _value(change.before), "after": _value(change.after)}
        yield _fit(f"    {translate(language, 'import.would-become', **values)}")


def _change_text(change: KeyChange, language: Language) -> str:
    values = {"key": change.key, "before": _value(change.before), "after": _value(change.after)}
    name = "import.becomes"
    if change.before is None:
        name = "import.adds"
    elif change.after is None:
        name = "import.removes"
    return translate(language, name, **values)


def _refused_text(pair: tuple[PlannedEvent, Any], language: Language) -> str:
    from tracker.i18n.diagnostics import message_of

    event, problem = pair
    place = _places((event.event.place,), language)
    return f"{_short(event.event.title)}{place}: {message_of(problem.diagnostic, language)}"


def left_out_text(part: LeftOut, language: Language) -> str:
    """What was left out, how often, where and why."""
    what = _short(part.what)
    if part.times > 1:
        what = translate(language, "import.times", what=what, count=part.times)
    reason = _sentence(language, f"import.left-out.{part.reason}", part.values)
    return f"{what}{_places(part.places, language)}: {reason}"


def _sentence(language: Language, name: str, values: Sequence[tuple[str, str | Reason]]) -> str:
    """The sentence of that name; without one, what it would have said, in no sentence."""
    shown = {
        key: value.text(language) if isinstance(value, Reason) else printable(value, _MOST_TEXT)
        for key, value in values
    }
    if name in catalogue(language):
        return translate(language, name, **shown)
    return translate(
        language,
        "import.left-out.other",
        reason=" ".join((name.rpartition(".")[2], *shown.values())),
    )


def place_text(place: ForeignPlace, language: Language) -> str:
    """`row 7 of Tasks`."""
    text = translate(language, f"import.place.{place.kind}", number=place.number)
    if place.sheet:
        sheet = printable(place.sheet, _MOST_TEXT)
        text = translate(language, "import.place.sheet", place=text, sheet=sheet)
    return text


def _places(places: Sequence[ForeignPlace], language: Language) -> str:
    if not places:
        return ""
    texts = [place_text(place, language) for place in places[:_MOST_PLACES]]
    return f", {comma_list(texts, language)}"


def _short(text: str) -> str:
    return printable(text, _MOST_TEXT)


def _value(value: Any) -> str:
    return "-" if value is None else printable(toml_value(value), _MOST_TEXT)


def _fit(line: str) -> str:
    columns = width()
    return line if columns is None else cut(line, columns)


# -- as JSON


def _json(
    target: ImportTarget, sources: Sequence[PlannedSource], attempt: TriedImport, language: Language
) -> dict[str, Any]:
    return {
        "file": target.file,
        "agreement": target.agreement,
        "header": attempt.header,
        "sources": [_source_json(source, language) for source in sources],
    }


def _source_json(source: PlannedSource, language: Language) -> dict[str, Any]:
    plan, content = source.plan, source.read.content
    refused = {id(event) for event, _ in source.refused}
    events = [event for event in plan.events if id(event) not in refused]
    return {
        "source": source.read.name,
        "format": source.read.format,
        "columns": [column._asdict() for column in content.columns],
        "questions": [
            {
                "text": question_text(source.read, question, language),
                "answers": list(question.answers),
                "places": [place._asdict() for place in question.places],
            }
            for question in content.questions
        ],
        "events": [_event_json(event) for event in events],
        "gone": [gone._asdict() for gone in plan.gone],
        "refused": [
            {
                "title": event.event.title,
                "place": event.event.place._asdict(),
                "reason": _refused_text((event, problem), language),
            }
            for event, problem in source.refused
        ],
        "left_out": [
            {
                "what": part.what,
                "reason": part.reason,
                "text": left_out_text(part, language),
                "times": part.times,
                "places": [place._asdict() for place in part.places],
            }
            for part in (*content.left_out, *plan.left_out)
        ],
    }


def _event_json(event: PlannedEvent) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "id": event.id,
        "title": event.event.title,
        "changes": [_change_json(change) for change in event.changes if change.key != "imported"],
        "kept": [_change_json(change) for change in event.kept],
    }


def _change_json(change: KeyChange) -> dict[str, Any]:
    return {
        "key": change.key,
        "before": _plain(change.before),
        "after": _plain(change.after),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value if value is None or isinstance(value, str | int | float) else str(value)
