"""What is refused, and what to write instead.

The parser asks here for the diagnostic that helps most when a line cannot be read. The rules of
this file look at the grammar (brackets, a bare period, an event where a day should stand), those of
wording.py at the words of documents. The first rule that fits and leads to a line that reads wins,
so the order of RULES matters: the more particular a habit, the earlier it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches

from tracker.dates.arithmetic import edge_of
from tracker.dates.diagnostics import Diagnostic, Suggestion, expected_diagnostic
from tracker.dates.expressions import Span
from tracker.dates.periods import SHAPE, parse_period
from tracker.dates.suggestions import (
    anchors,
    deadline_points,
    deadlines,
    feasts,
    fiscal_years,
    how_often,
    japanese,
    languages,
    limits,
    notations,
    openness,
    option_windows,
    options,
    ordinals,
    other_edges,
    parts,
    parts_of_year,
    phrases,
    promises,
    times,
    wording,
)
from tracker.dates.suggestions.parse_state import ParseState, RefusalRule, existing_period
from tracker.dates.tokens import ID, KEYWORDS, Token, collapse_spaces, tokens_of


def refusals(text: str, tokens: Sequence[Token], at: int, expected: str) -> Iterator[Diagnostic]:
    """What can be said at `tokens[at]`, where `expected` should stand; what helps most is first."""
    # Rules look at the line with single spaces: a run of them says nothing, and costs nothing.
    line = collapse_spaces(text)
    if line == text:
        yield from _refusals(ParseState(text, tokens, at, expected))
        return
    places = _places(text)
    for diagnostic in _refusals(ParseState(line, tokens_of(line), at, expected)):
        start, end = diagnostic.span
        yield replace(
            diagnostic, span=(places[start], places[end - 1] + 1 if end > start else places[end])
        )


def _refusals(state: ParseState) -> Iterator[Diagnostic]:
    for rule in RULES:
        if diagnostic := rule(state):
            yield diagnostic
    yield _what_is_expected(state)


def _places(text: str) -> list[int]:
    """Where each character of the folded text stands in the text; and behind them, its end."""
    places: list[int] = []
    for piece in re.finditer(r"[^ \t\n]+", text):
        if places:
            places.append(piece.start() - 1)
        places.extend(range(*piece.span()))
    return [*places, len(text)]


def habit_of_name(text: str, span: Span) -> Diagnostic | None:
    """The habit, if any, of a word that was read as an id: `tbd`, `mid-2028`, `biennially`."""
    tokens = tokens_of(text)
    at = next((n for n, token in enumerate(tokens) if token.start >= span[0]), 0)
    state = ParseState(text, tokens, at, "ref")
    for rule in _RULES_OF_NAMES:
        diagnostic = rule(state)
        if diagnostic and diagnostic.span[0] < span[1] and span[0] < diagnostic.span[1]:
            return diagnostic  # of this name, and not of another one that the line has
    return None


def no_such_period(text: str, token: Token, nearest: tuple[str, ...]) -> Diagnostic:
    """`2029-02-29`, `2026-W54`: the nearest that exist are suggested."""
    state = ParseState(text, (token,), 0, "period")
    suggestions = tuple(Suggestion(state.line_with(token.span, name)) for name in nearest)
    return Diagnostic("no-such-period", token.span, (("period", token.text),), suggestions)


def _wrong_case(state: ParseState) -> Diagnostic | None:
    """`Through 2030`, `2030-q4`, `AGI-verified`: what else the line has is mended along with it."""
    token, right = state.token, _right_case(state.token)
    if right is None:
        return None
    line = state.text
    for other_token in reversed(state.tokens):
        if write := _right_case(other_token):
            line = line[: other_token.start] + write + line[other_token.end :]
    suggestions = (Suggestion(collapse_spaces(line)),)
    return Diagnostic("wrong-case", token.span, (("right", right),), suggestions)


def _right_case(token: Token) -> str | None:
    """The token as it is written here, None where it is so, or is no word at all."""
    right = token.text.upper() if SHAPE.fullmatch(token.text.upper()) else token.text.lower()
    known = right in KEYWORDS or SHAPE.fullmatch(right) or ID.fullmatch(right)
    if token.kind != "other" or right == token.text or not known or right in openness.OPEN_WORDS:
        return None
    if re.fullmatch(r"(fy|eod|[0-9]).*", right) and not SHAPE.fullmatch(right):
        return None
    return right


_OCCURRENCE = re.compile(rf"(?P<id>(?:{ID.pattern}/)?{ID.pattern})@[a-z0-9._-]+")


def _occurrence(state: ParseState) -> Diagnostic | None:
    """`30 days after lease-notice@2028-12-31`: commands name an occurrence, lines name each."""
    match = _OCCURRENCE.fullmatch(state.token.text)
    if match is None:
        return None
    each = state.at > 0 and state.tokens[state.at - 1].is_word("each")
    write = match["id"] if each else f"each {match['id']}"
    suggestions = (Suggestion(state.line_with(state.token.span, write)),)
    return Diagnostic("occurrence-in-line", state.token.span, (("point", match[0]),), suggestions)


def _each_for_a_name(state: ParseState) -> Diagnostic | None:
    """`after each x`, `… if each x`: where only a name can stand"""
    if state.expected != "ref" or not state.token.is_word("each") or not state.at:
        return None
    before, each = state.tokens[state.at - 1], state.token
    if before.is_word("if"):
        write = state.line_with(each.span, "")
    elif before.is_word("after") and state.at == 1:
        write = state.line_with(before.span, "not before")
    else:
        return None
    return Diagnostic("each-for-a-name", each.span, (), (Suggestion(write),))


def _deadline_of_event(state: ParseState) -> Diagnostic | None:
    """`before x`, `through x`"""
    before = state.tokens[state.at - 1] if state.at else state.token
    if state.expected != "period" or state.token.kind != "word":
        return None
    if state.token.text in KEYWORDS and not state.token.is_word("start", "end"):
        return None
    if before.text == "in":
        return Diagnostic("in-event", state.token.span, (("ref", state.token.text),))
    suggestions = {
        "through": Suggestion(state.line_with(before.span, ""), "that-day-included"),
        "before": Suggestion(state.line_with(before.span, "1 day before"), "that-day-not-included"),
    }
    shown = (
        (suggestions["before"], suggestions["through"])
        if before.text == "before"
        else (suggestions["through"], suggestions["before"])
    )
    return Diagnostic("deadline-of-event", before.span, (("word", before.text),), shown)


def _edge_of_period(state: ParseState) -> Diagnostic | None:
    """`end of 2028`, `start of 2028`, `end of month of 2028-02`"""
    at = state.at
    if state.expected == "edge-operand":
        return _edge_of_unit(state)
    if state.expected != "ref" or at < 2 or state.tokens[at - 1].text != "of":
        return None
    edge, last = state.tokens[at - 2].text, at
    name = state.period_at(last)
    if name is None or edge not in ("start", "end"):
        return None
    span = state.span_between(at - 2, last)
    period = parse_period(name)
    write = f"through {name}" if edge == "end" else str(period.first)
    return Diagnostic(
        "edge-of-period", span, (("edge", edge),), (Suggestion(state.line_with(span, write)),)
    )


def _edge_of_unit(state: ParseState) -> Diagnostic | None:
    """`end of month of 2028-02`; where the period is longer than the unit, its own last day."""
    at = state.at  # the `of` before the period
    name = state.period_at(at + 1)
    if name is None:
        return None
    edge, unit = state.tokens[at - 3].text, state.tokens[at - 1].text
    period = parse_period(name)
    span = state.span_between(at - 3, at + 1)
    first, last = (edge_of(way, unit, period.last) for way in ("start", "end"))  # type: ignore[arg-type]  # a unit that was read
    if edge == "start":
        write = str(edge_of("start", unit, period.first))  # type: ignore[arg-type]  # as above
    elif (first, last) == (period.first, period.last):
        write = f"through {name}"
    else:
        write = str(last)
    return Diagnostic(
        "edge-of-period", span, (("edge", edge),), (Suggestion(state.line_with(span, write)),)
    )


def _after_a_day(state: ParseState) -> Diagnostic | None:
    """`after 2027-07-24`: is that day itself one of them?"""
    name = state.period_at(state.at)
    if state.expected != "ref" or name is None or not state.tokens[state.at - 1].is_word("after"):
        return None
    period = parse_period(name)
    span = state.span_between(state.at - 1, state.at)
    days = [period.last]
    if period.last != period.last.max:
        days.append(period.last.fromordinal(period.last.toordinal() + 1))
    suggestions = tuple(Suggestion(state.line_with(span, f"not before {day}")) for day in days)
    if period.kind != "day":
        suggestions = (
            Suggestion(state.line_with(span, f"not before {period.first}")),
            suggestions[-1],
        )
    return Diagnostic("after-a-day", span, (), suggestions)


_WHOLE_CHOICE = re.compile(
    r"(?P<word>earliest|latest)\s+of\s+(?P<first>[^,]+),(?P<rest>.+)", re.DOTALL
)


def _precedence(state: ParseState) -> Diagnostic | None:
    """`30 days after earliest of a, b`, `earliest of earliest of a, b, c`"""
    if state.expected not in ("ref", "direction") or not state.at:
        return None
    start = state.token.start
    if state.token.is_word("earliest", "latest"):
        head, inner = state.text[:start], state.text[start:]
        lines = [f"{head}({inner})"]
        nested = state.at > 1 and state.tokens[state.at - 2].is_word("earliest", "latest")
        if nested and inner.count(",") > 1:
            first, second, rest = inner.split(",", 2)
            lines = [f"{head}({first},{second}),{rest}"]
        elif state.tokens[0].text not in ("earliest", "latest") and (
            match := _WHOLE_CHOICE.fullmatch(inner)
        ):
            lines.append(f"{match['word']} of {head}{match['first']},{match['rest']}")
        suggestions = tuple(Suggestion(collapse_spaces(line)) for line in lines)
        return Diagnostic("needs-brackets", state.token.span, (), suggestions)
    return None


def _nested_offset(state: ParseState) -> Diagnostic | None:
    """`30 days after 2 weeks after x`, `end of month of 30 days after x`"""
    if state.expected != "ref" or not state.at or not state.token.is_number:
        return None
    if not state.tokens[state.at - 1].is_word("after", "before", "of"):
        return None
    start = state.token.start
    line = collapse_spaces(f"{state.text[:start]}({state.text[start:].rstrip()})")
    return Diagnostic("needs-brackets", state.token.span, (), (Suggestion(line),))


def _bare_period(state: ParseState) -> Diagnostic | None:
    """`2030`, `2030-Q4`: the deadline, or an unknown day of it?"""
    if state.expected not in ("operand", "unit") or state.token.kind != "period":
        return None
    name = existing_period(state.token.text)
    if name is None:
        return None
    last = str(parse_period(name).last)
    span = state.token.span
    if state.at > 1 and state.words(state.at - 2, 2) == ("not", "before"):
        first = Suggestion(state.line_with(span, str(parse_period(name).first)))
        return Diagnostic("bare-period", span, (("period", name),), (first,))
    if state.at > 1 and state.words(state.at - 2, 2) == ("not", "after"):
        final = Suggestion(state.line_with(span, last))
        return Diagnostic("bare-period", span, (("period", name),), (final,))
    suggestions = (
        Suggestion(state.line_with(span, f"through {name}"), "its-last-day", (("day", last),)),
        Suggestion(state.line_with(span, f"in {name}"), "an-unknown-day"),
    )
    return Diagnostic("bare-period", span, (("period", name),), suggestions)


def _several_words(state: ParseState) -> Diagnostic | None:
    """`30 days after effective date`: an id is one word."""
    at = state.at
    if state.expected != "end" or not at or not _is_name(state.tokens[at - 1]):
        return None
    last = at
    while _is_name(state.tokens[last]) or (
        state.tokens[last].is_word("of") and _is_name(state.tokens[last + 1])
    ):
        last += 1
    if last == at:
        return None
    span = state.span_between(at - 1, last - 1)
    name = "-".join(token.text for token in state.tokens[at - 1 : last])
    return Diagnostic(
        "several-words", span, (("id", name),), (Suggestion(state.line_with(span, name)),)
    )


def _is_name(token: Token) -> bool:
    return token.kind == "word" and token.text not in KEYWORDS and token.text not in _NO_NAMES


#: Words of a sentence, and no name's.
_NO_NAMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday following prior since plus minus"
    " the a an more less than first last next later earlier for to be as"
    " not yet per upon on with about"
    " around circa approximately roughly without if when than until by is"
    " are was will shall may must"
    " any all no such from at".split()
)


_COUNT_FROM_NAME = re.compile(
    rf"(?P<count>(?:within )?[0-9][a-z0-9 ]* (?:after|before)) (?P<name>{ID.pattern})"
)


def _no_choice(state: ParseState) -> Diagnostic | None:
    """`x or y`, `x, y`: the first of them, or the last?"""
    if state.expected != "end" or not state.at:
        return None
    if not (state.token.text == "," or state.token.is_word("and", "or")):
        return None
    left, right = state.text[: state.token.start].strip(), state.text[state.token.end :].strip()
    if not right or "," in left or state.tokens[0].is_word("earliest", "latest"):
        return None
    count = _COUNT_FROM_NAME.fullmatch(left)
    if count and ID.fullmatch(right):  # 30 days after x or y: counted from whichever it is
        lines = tuple(
            f"{count['count']} ({choice} of {count['name']}, {right})"
            for choice in ("earliest", "latest")
        )
    else:
        lines = (f"earliest of {left}, {right}", f"latest of {left}, {right}")
    suggestions = (Suggestion(lines[0], "the-first"), Suggestion(lines[1], "the-last"))
    return Diagnostic("no-choice", state.token.span, (), suggestions)


def _misspelt(state: ParseState) -> Diagnostic | None:
    """`throgh 2030`: the nearest word of the grammar."""
    if state.expected != "end":
        return None
    for at in range(state.at + 1):
        token = state.tokens[at]
        if token.kind != "word" or token.text in KEYWORDS:
            continue
        if near := get_close_matches(token.text, sorted(KEYWORDS), n=1, cutoff=0.75):
            suggestion = Suggestion(state.line_with(token.span, near[0]))
            return Diagnostic("not-a-word", token.span, (("word", token.text),), (suggestion,))
    return None


def _what_is_expected(state: ParseState) -> Diagnostic:
    """No habit that is known: what should stand here."""
    token = state.token
    return expected_diagnostic(state.expected, token.text, token.span, token.kind == "end")


#: Habits of which a single word has the shape of an id.
_RULES_OF_NAMES: tuple[RefusalRule, ...] = (
    japanese.era_day,
    openness.no_day,
    openness.open_word,
    openness.relative_day,
    openness.weekday_alone,
    notations.no_year,
    how_often.how_often,
    how_often.often_somewhere,
    deadlines.deadline_of_period,
    deadlines.count_of_period,
    parts.part_of_period,
    parts_of_year.part_of_year,
    anchors.project_month,
    anchors.minus_days,
)

RULES: tuple[RefusalRule, ...] = (
    _each_for_a_name,
    # what the whole line says
    openness.weekday_alone,
    other_edges.edge_in_other_language,
    deadline_points.deadline_of_moment,
    deadline_points.deadline_of_day_beside,
    deadline_points.deadline_of_choice,
    deadlines.deadline_of_period,
    deadlines.count_of_period,
    limits.two_lengths,
    option_windows.window,
    options.sides,
    options.may_be_done,
    promises.at_once,
    how_often.how_often,
    openness.no_day,
    limits.about_a_day,
    limits.about_a_count,
    limits.otherwise,
    limits.limit,
    promises.promise,
    anchors.tolerance,
    anchors.bare_length,
    anchors.payment_term,
    anchors.edge_alone,
    # days and periods, as documents write them
    times.close_of_business,
    times.time_of_day,
    japanese.era_day,
    parts.range_of_days,
    parts.by_its_end,
    fiscal_years.year_ending,
    parts.part_of_period,
    ordinals.nth_of_period,
    ordinals.nth_business_day,
    notations.other_notation,
    parts_of_year.season_of_feasts,
    feasts.feast,
    notations.no_year,
    anchors.plus_days,
    anchors.project_month,
    openness.open_word,
    times.close_on_event,
    _occurrence,
    wording.kinds_of_days,
    languages.other_language,
    openness.relative_day,
    _wrong_case,
    ordinals.weekday_beside,
    ordinals.nth_after,
    phrases.turn_of_phrase,
    wording.spelt_number,
    anchors.unit_abbreviation,
    wording.other_units,
    wording.odd_number,
    wording.clear_days_otherwise,
    parts_of_year.part_of_year,
    parts_of_year.decade,
    fiscal_years.fiscal_year,
    deadline_points.deadline_of_event,
    wording.until,
    wording.days_from,
    wording.deadline_phrases,
    # what the grammar would have in another order
    _edge_of_period,
    _after_a_day,
    _deadline_of_event,
    options.inside,
    _precedence,
    _nested_offset,
    wording.midnight,
    _bare_period,
    wording.or_without_comma,
    wording.conditions,
    how_often.often_somewhere,
    # what is like a word or a name
    _misspelt,
    phrases.article,
    _several_words,
    _no_choice,
)
