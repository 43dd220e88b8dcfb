"""What is wrong in a text: the place, the line with a mark, the reason, and what to write."""

from __future__ import annotations

from tracker.dates.diagnostics import Fault, Offer
from tracker.dates.periods import SHAPE, read_period
from tracker.i18n.columns import width_of
from tracker.i18n.dates import long_day
from tracker.i18n.translate import Language, say

#: Values that are themselves names of sentences, by the hole that they fill.
_NAMED = {"expected": "expected.{}", "wanted": "wanted.{}", "reason": "toml.{}", "edge": "side.{}"}
_MOST_SHOWN = 100


def message_of(fault: Fault, language: Language) -> str:
    """The sentence that says what is wrong."""
    values = {name: _value(name, value, language) for name, value in fault.values}
    message = say(language, f"fault.{fault.case}", **values)
    amendment = values.get("after")
    if amendment is None:
        return message
    return say(language, "check.after-amendment", message=message, amendment=amendment)


def report(
    fault: Fault, place: str, excerpt: Excerpt | None, key: str | None, language: Language
) -> str:
    """The fault as a page of help, without a newline at its end.

    `place` is what stands before the message (`events.toml:41:9`); `key` the key whose value the
    offers replace, None where they stand for themselves.
    """
    message = message_of(fault, language)
    if fault.severity == "warning":
        message = say(language, "check.warning", message=message)
    lines = [f"{place}: {message}"]
    if excerpt is not None:
        lines += excerpt.shown()
    lines += _offers(fault.offers, key, language)
    return "\n".join(lines)


class Excerpt:
    """The line in which a fault stands, with the part of it that is meant."""

    def __init__(self, number: int, text: str, column: int, width: int) -> None:
        self.number = number  #: of the line, from 1
        self.text = text
        self.column = column  #: in characters, from 1
        self.width = width  #: in characters, at least 1

    def shown(self) -> list[str]:
        """The line and the mark below it; a long line is cut around the mark."""
        text, start = _printable(self.text), self.column - 1
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


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _value(name: str, value: str, language: Language) -> str:
    if name in _NAMED:
        return say(language, _NAMED[name].format(value))
    return value


def _offers(offers: tuple[Offer, ...], key: str | None, language: Language) -> list[str]:
    """What to write, one a line; reasons stand in a column of their own."""
    written = [_written(offer, key) for offer in offers]
    widest = max(map(width_of, written), default=0)
    heads = (say(language, "fault.write"), say(language, "fault.or"))
    margin = max(map(width_of, heads))
    lines = []
    for at, (offer, text) in enumerate(zip(offers, written, strict=True)):
        head = heads[min(at, 1)]
        line = f"  {head}{' ' * (margin - width_of(head))}  {text}"
        if offer.reason:
            values = {name: _day(value, language) for name, value in offer.values}
            reason = say(language, f"offer.{offer.reason}", **values)
            line += f"{' ' * (widest - width_of(text))}    {reason}"
        lines.append(line)
    return lines


def _written(offer: Offer, key: str | None) -> str:
    """The offer as it is pasted: behind its key, where the key refused has a value to replace."""
    key = offer.key or key
    return offer.write if key is None else f'{key} = "{offer.write}"'


def _day(value: str, language: Language) -> str:
    return long_day(read_period(value).first, language) if SHAPE.fullmatch(value) else value
