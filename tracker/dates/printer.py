"""A form as the words write it: what parse() reads back as the same form."""

from __future__ import annotations

from tracker.dates.expressions import (
    Before,
    Between,
    Bound,
    Choice,
    Each,
    Edge,
    Exact,
    Form,
    In,
    Lasts,
    NotBefore,
    Offset,
    Open,
    OrIf,
    Period,
    Ref,
    Through,
    Within,
)


def line_text(form: Form) -> str:
    """The line that states the form, with no bracket that is not needed.

    >>> from tracker.dates.parser import parse
    >>> line_text(parse("30   days after (earliest of a,(b))"))
    '30 days after (earliest of a, b)'
    """
    match form:
        case Exact(day, clock, zone):
            parts = (day.isoformat(), clock and f"{clock:%H:%M}", zone)
            return " ".join(part for part in parts if part)
        case Through(period):
            return f"through {period}"
        case Before(period):
            return f"before {period}"
        case In(period):
            return f"in {period}"
        case Between(first, last):
            return f"between {_bound(first)} and {_bound(last)}"
        case Within(duration, direction, operand):
            return f"within {duration} {direction} {_operand(operand)}"
        case Ref():
            return str(form)
        case Edge(edge, unit, operand):
            return f"{edge} of {unit} of {_operand(operand)}"
        case Choice(which, items):
            return f"{which} of {', '.join(map(_item, items))}"
        case Offset(duration, direction, operand):
            return f"{duration} {direction} {_operand(operand)}"
        case Each():
            return str(form)
        case OrIf(first, clauses):
            others = "".join(f", or {_clause(point)} if {event}" for point, event in clauses)
            return f"{_clause(first)}{others}"
        case Lasts(duration):
            return f"lasts {duration}"
        case Open():
            return "open"
        case NotBefore(Ref() as ref):
            return f"after {ref}"
        case NotBefore(operand):
            return f"not before {_operand(operand)}"


def _clause(form: Form) -> str:
    return f"({line_text(form)})" if isinstance(form, Choice) else line_text(form)


def _operand(form: Form) -> str:
    return f"({line_text(form)})" if isinstance(form, Choice | Offset) else line_text(form)


def _item(form: Form) -> str:
    return f"({line_text(form)})" if isinstance(form, Choice) else line_text(form)


def _bound(bound: Bound) -> str:
    return str(bound) if isinstance(bound, Period) else _item(bound)
