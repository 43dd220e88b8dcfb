"""What is wrong in a text: the place, the line with a mark, the reason, and what to write."""

from __future__ import annotations

from datetime import date

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.periods import SHAPE, parse_period
from tracker.i18n.columns import pad, width_of, without_controls
from tracker.i18n.dates import long_day
from tracker.i18n.estimates import festival_name
from tracker.i18n.translate import Language, translate

#: Values that are themselves names of sentences, by the hole that they fill.
NAMED = {"expected": "expected.{}", "wanted": "wanted.{}", "reason": "toml.{}", "edge": "side.{}"}
#: Values that are days, and told as such.
_DAYS = {"limit"}
#: Values that are numbers of something.
_NUMBERS = {"late"}
_MOST_SHOWN = 100


def message_of(diagnostic: Diagnostic, language: Language) -> str:
    """The sentence that says what is wrong."""
    values = {name: _value(name, value, language) for name, value in diagnostic.values}
    if estimated := values.get("estimated"):
        day = date.fromisoformat(estimated)
        values["holiday"] = festival_name(values["calendar"], day, language)
    numbers = {name: int(values[name]) for name in _NUMBERS & values.keys()}
    message = translate(language, f"diagnostic.{diagnostic.case}", **{**values, **numbers})
    amendment = values.get("after")
    if amendment is None:
        return message
    return translate(language, "check.after-amendment", message=message, amendment=amendment)


def report(
    diagnostic: Diagnostic,
    place: str,
    line: MarkedLine | None,
    key: str | None,
    language: Language,
) -> str:
    """The diagnostic as a page of help, without a newline at its end.

    `place` is what stands before the message (`events.toml:41:9`); `key` the key whose value the
    suggestions replace, None where they stand for themselves.
    """
    message = message_of(diagnostic, language)
    if diagnostic.severity != "error":
        message = translate(language, f"check.{diagnostic.severity}", message=message)
    lines = [f"{place}: {message}"]
    if line is not None:
        lines += line.lines()
    lines += suggestion_lines(diagnostic.suggestions, key, language)
    return "\n".join(lines)


class MarkedLine:
    """A line of a file, with the part of it marked that a diagnostic is about."""

    def __init__(self, number: int, text: str, column: int, width: int) -> None:
        self.number = number  #: of the line, from 1
        self.text = text
        self.column = column  #: in characters, from 1
        self.width = width  #: in characters, at least 1

    def lines(self) -> list[str]:
        """The line and the mark below it; a long line is cut around the mark."""
        text, start = without_controls(self.text), self.column - 1
        cut = max(0, start - _MOST_SHOWN // 2) if len(text) > _MOST_SHOWN else 0
        shown = text[cut : cut + _MOST_SHOWN]
        before, marked = text[cut:start], text[start : min(start + self.width, cut + _MOST_SHOWN)]
        left, right = "… " if cut else "", " …" if cut + _MOST_SHOWN < len(text) else ""
        number = f"{self.number:5} | "
        mark = "^" * max(1, width_of(marked))
        return [
            f"{number}{left}{shown}{right}",
            f"{' ' * (len(number) - 2)}| {' ' * width_of(left + before)}{mark}",
        ]


def _value(name: str, value: str, language: Language) -> str:
    if name in NAMED:
        return translate(language, NAMED[name].format(value))
    return _day(value, language) if name in _DAYS else value


def suggestion_lines(
    suggestions: tuple[Suggestion, ...], key: str | None, language: Language
) -> list[str]:
    """What to write, one a line; reasons stand in a column of their own."""
    texts = [_suggestion_text(suggestion, key) for suggestion in suggestions]
    widest = max(map(width_of, texts), default=0)
    heads = (translate(language, "diagnostic.write"), translate(language, "diagnostic.or"))
    margin = max(map(width_of, heads))
    lines = []
    for at, (suggestion, text) in enumerate(zip(suggestions, texts, strict=True)):
        head = heads[min(at, 1)]
        line = f"  {pad(head, margin)}  {text}"
        if suggestion.reason:
            values = {name: _day(value, language) for name, value in suggestion.values}
            reason = translate(language, f"suggestion.{suggestion.reason}", **values)
            line = f"  {pad(head, margin)}  {pad(text, widest)}    {reason}"
        lines.append(line)
    return lines


def _suggestion_text(suggestion: Suggestion, key: str | None) -> str:
    """The suggestion as it is pasted: behind its key, where the key refused has a value to replace."""
    key = suggestion.key or key
    return suggestion.write if key is None else f'{key} = "{suggestion.write}"'


def _day(value: str, language: Language) -> str:
    return long_day(parse_period(value).first, language) if SHAPE.fullmatch(value) else value
