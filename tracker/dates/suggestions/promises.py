"""How early and how late something may be done: `at least 2 weeks after x`, `promptly, and …`.

A day that is counted forward is the earliest with "at least", and the deadline with "no later
than"; counted back it is the other way round, and a deadline either way.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.periods import parse_period
from tracker.dates.suggestions.parse_state import ParseState, existing_period
from tracker.dates.tokens import ID

#: From the match to the lines to write, each with the reason to choose it.
_Writes: TypeAlias = Callable[[re.Match[str]], tuple[tuple[str, str], ...]]

_AFTER = r"(?:after|following|from|since|post|past|later than|subsequent to)"
_BEFORE = r"(?:before|prior to|preceding|ahead of|in advance of)"
_LENGTH = r"(?P<length>(?:(?!\b(?:after|before|following|prior)\b)[^,;]){1,80}?)"
_POINT = r"(?P<point>.{1,200})"
_AT_LEAST = (
    r"(?:at (?:the very )?least|a minimum of|minimum(?: of)?|min\.?|(?:no|not) (?:less|fewer) than"
    r"|not under)"
)
_NO_LEAST = r"(?P<least>(?!))?"  # for rows that never say it
_NOT_LESS = r"(?P<least>(?:no|not) (?:less|fewer) than)"
_NOT_EARLIER = (
    r"(?:(?:no|not) (?:earlier|sooner) than|at the (?:very )?earliest|(?:the )?earliest(?! of\b)"
    r"|not until|on or after"
    r"|on or following|(?:starting|beginning|commencing)(?: on| from"
    r"|(?= [0-9]))|effective (?:as of|from|on)|effective(?= [0-9])"
    r"|as (?:of|from)|any ?time (?:after|from)|from)"
)
_BEGINNING = (
    r"(?:(?:starting|beginning|commencing)(?: on| from)?(?! of)|(?:with )?effect(?:ive)?"
    r"(?: as of| from| on)?|as (?:of|from)|from|since)"
)
_LATEST = r"at the (?:very )?latest|or (?:earlier|sooner|before)"
_OR_LATER = (
    r"(?:,? (?:at the (?:very )?earliest|or (?:later|thereafter|after|more)|and later|onwards?"
    r"|on(?: onwards?)?|and (?:thereafter|onwards?)|at least|forward|and after))"
)


def _whole(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?:on )?{text}", re.IGNORECASE)


def as_operand(line: str) -> str:
    """The line as `not before` takes it: in brackets where it is a count or a choice."""
    several = re.search(
        r",|\b(?:after|before|following|from|since|prior|later|earlier|earliest|latest)\b", line
    )
    return f"({line})" if several and not line.startswith("(") else line


def _not_before_count(match: re.Match[str]) -> tuple[tuple[str, str], ...]:
    return ((f"not before ({match['length']} after {match['point']})", "the-earliest-day"),)


def _not_before(match: re.Match[str]) -> tuple[tuple[str, str], ...]:
    point = match["point"]
    if re.search(r"\b(?:to|until|till|through|thru)\b", point):  # a range
        return ()
    name = existing_period(point)
    first = as_operand(point) if name is None else str(parse_period(name).first)
    return ((f"not before {first}", "the-earliest-day"),)


def _begins(match: re.Match[str]) -> tuple[tuple[str, str], ...]:
    """What begins on a day does so on that very day; what is due from then on may never come."""
    point = match["point"]
    if re.search(rf"{_OR_LATER}$|\b(?:to|until|till|through|thru|on|and)\b", point):
        return ()
    if re.match(r"(?:date|with|immediately|right)\b", point):  # no day, or a name: effective date
        return ()
    name = existing_period(point)
    first = point if name is None else str(parse_period(name).first)
    return ((first, "that-very-day"), (f"not before {as_operand(first)}", "the-earliest-day"))


def _before(match: re.Match[str]) -> tuple[tuple[str, str], ...]:
    """Counted back, the least that is kept free is the deadline; whole days may leave out both."""
    length, point = match["length"], match["point"]
    if match[0].lower().startswith("at least "):  # wording.py leaves out the words
        return ()
    deadline = (f"{length} before {point}", "")
    if match["least"] is None or not (days := re.fullmatch(r"(.+) days?", length)):
        return (deadline,)
    if re.search(r"business|working|clear|calendar", days[1]):
        return (deadline,)
    clear = (f"{days[1]} clear days before {point}", "neither-day-counted")
    return ((deadline[0], "that-day-counted"), clear)


def _more_than(match: re.Match[str]) -> tuple[tuple[str, str], ...]:
    """More than 30 days after it is on the 31st at the earliest."""
    return (
        (f"not before ({_one_more(match['length'])} after {match['point']})", "the-earliest-day"),
    )


def _more_before(match: re.Match[str]) -> tuple[tuple[str, str], ...]:
    return ((f"{_one_more(match['length'])} before {match['point']}", ""),)


def _one_more(length: str) -> str:
    days = re.fullmatch(r"([0-9]{1,6}) (business )?days?", length)
    return f"{int(days[1]) + 1} {days[2] or ''}days" if days else f"{length} and 1 day"


def _less_than(match: re.Match[str]) -> tuple[tuple[str, str], ...]:
    """Less than 30 days after it is on the 29th at the latest."""
    days = re.fullmatch(r"([1-9][0-9]{0,5}) (business )?days?", match["length"])
    if days is None:
        return ()
    length = f"{int(days[1]) - 1} {days[2] or ''}days"
    way = "before" if re.fullmatch(_BEFORE, match["way"], re.IGNORECASE) else "after"
    return ((f"within {length} {way} {match['point']}", "a-window-that-ends"),)


def _within(match: re.Match[str]) -> tuple[tuple[str, str], ...]:
    way = "before" if re.fullmatch(_BEFORE, match["way"], re.IGNORECASE) else "after"
    return ((f"within {match['length']} {way} {match['point']}", "a-window-that-ends"),)


def _at_the_latest(match: re.Match[str]) -> tuple[tuple[str, str], ...]:
    return ((match["point"], ""),)


_PROMISES: tuple[tuple[str, re.Pattern[str], _Writes], ...] = (
    (
        "deadline-back",
        _whole(rf"(?:{_NOT_LESS}|{_AT_LEAST}) {_LENGTH} {_BEFORE} {_POINT}"),
        _before,
    ),
    (
        "deadline-back",
        _whole(rf"{_NO_LEAST}{_LENGTH} or (?:more|longer|earlier) {_BEFORE} {_POINT}"),
        _before,
    ),
    (
        "deadline-back",
        _whole(rf"{_NO_LEAST}{_LENGTH} {_BEFORE} {_POINT},? (?:at least|or (?:more|earlier))"),
        _before,
    ),
    ("earliest-day", _whole(rf"{_AT_LEAST} {_LENGTH} {_AFTER} {_POINT}"), _not_before_count),
    (
        "earliest-day",
        _whole(rf"{_LENGTH} or (?:more|longer|later) {_AFTER} {_POINT}"),
        _not_before_count,
    ),
    (
        "earliest-day",
        _whole(rf"(?:more|longer|later) than {_LENGTH} {_AFTER} {_POINT}"),
        _more_than,
    ),
    (
        "deadline-back",
        _whole(rf"(?:more|longer|earlier) than {_LENGTH} {_BEFORE} {_POINT}"),
        _more_before,
    ),
    (
        "within-a-length",
        _whole(rf"(?:less|fewer) than {_LENGTH} (?P<way>{_AFTER}|{_BEFORE}) {_POINT}"),
        _less_than,
    ),
    (
        "within-a-length",
        _whole(rf"{_LENGTH} or (?:less|fewer|sooner|earlier) (?P<way>{_AFTER}|{_BEFORE}) {_POINT}"),
        _within,
    ),
    ("deadline-phrase", _whole(rf"{_POINT}(?P<words>,? (?:{_LATEST}))"), _at_the_latest),
    ("synonym", _whole(rf"{_BEGINNING} {_POINT}"), _begins),
    ("earliest-day", _whole(rf"{_NOT_EARLIER} (?P<point>.{{1,200}}?){_OR_LATER}?"), _not_before),
    ("earliest-day", _whole(rf"(?P<point>.{{1,200}}?){_OR_LATER}"), _not_before),
)


def promise(state: ParseState) -> Diagnostic | None:
    """A whole line that says how early or how late: its first day, or its deadline."""
    for case, pattern, writes in _PROMISES:
        match = pattern.fullmatch(state.text)
        if match is None or not (lines := writes(match)):
            continue
        words = match.groupdict().get("words") or state.text
        suggestions = tuple(Suggestion(line, reason) for line, reason in lines)
        return Diagnostic(case, (0, len(state.text)), (("words", words.strip(" ,")),), suggestions)
    return None


_AT_ONCE = (
    r"(?:(?:promptly|immediately|forthwith|asap|expeditiously|speedily|diligently|timely|at once"
    r"|instantly|right away|straight away|swiftly|quickly|in a timely (?:manner|fashion)"
    r"|without (?:undue |unreasonable |further |any )?delay|within a reasonable (?:time|period)"
    r"|as (?:soon|promptly|quickly|early) as (?:reasonably |is |may be )?(?:be )?"
    r"(?:possible|practicable|practical|feasible)|in due course)"
    r"(?: thereafter)?)"
)
_AND = (
    r"(?:[,;:]? ?(?:and|but|or|yet|-)?,? ?(?:(?:in (?:any|all|no) (?:events?|cases?)|always"
    r"|at any rate|where feasible|if (?:possible|feasible)|if not sooner)[,;]? )*"
    r"(?:and |but )?)"
)
_ONLY_AT_ONCE = _whole(_AT_ONCE)
_WITH_LIMIT = _whole(
    rf"{_AT_ONCE}(?: (?:after|upon|following) [a-z0-9._/-]{{1,60}})?{_AND}(?P<rest>.{{3,300}})"
)
_LIMIT_FIRST = _whole(rf"(?P<rest>.{{3,300}}?){_AND}{_AT_ONCE}")
_AT_ONCE_AFTER = _whole(rf"{_AT_ONCE}[,]? (?P<word>after|upon|on|following|once|when) {_POINT}")


def at_once(state: ParseState) -> Diagnostic | None:
    """`immediately, and not later than 15 days after x`: what is kept is the limit."""
    span = (0, len(state.text))
    if _ONLY_AT_ONCE.fullmatch(state.text):
        values = (("word", state.text),)
        return Diagnostic("no-day-known", span, values, (Suggestion("open", "open-with-a-note"),))
    match = _AT_ONCE_AFTER.fullmatch(state.text)
    if match and not re.search(r"[,;]|\b(?:and|but)\b", match["point"]):
        return _promptly_after(match, span)
    for pattern in (_WITH_LIMIT, _LIMIT_FIRST):
        match = pattern.fullmatch(state.text)
        if match and re.search(r"\w", match["rest"]):
            rest = re.sub(r"^later than", "no later than", match["rest"].strip(" ,;"))
            suggestions = (Suggestion(rest, "the-limit"),)
            return Diagnostic("at-once", span, (("words", state.text),), suggestions)
    return None


def _promptly_after(match: re.Match[str], span: tuple[int, int]) -> Diagnostic:
    point = match["point"]
    first = "after" if ID.fullmatch(point) else "not before"
    suggestions = [
        Suggestion(f"{first} {as_operand(point)}", "open-with-a-note"),
        Suggestion(point, "that-very-day"),
    ]
    if match["word"].lower() not in ("after", "following"):  # immediately upon x
        suggestions.reverse()
    return Diagnostic("at-once", span, (("words", match[0]),), tuple(suggestions))
