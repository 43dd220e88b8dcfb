"""Times of day as documents write them, and times that a zone skips or has twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import Span
from tracker.dates.instants import is_zone
from tracker.dates.suggestions.parse_state import ParseState
from tracker.dates.suggestions.unclear_times import instant_by_abbreviation
from tracker.dates.suggestions.zones import abbreviated_zones, each_zone, zones_meant
from tracker.dates.tokens import Token, collapse_spaces

_STAMP = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt]| )(?P<clock>[0-9]{2}:[0-9]{2})"
    r"(?P<seconds>:[0-9]{2}(?:[.,][0-9]+)?)? ?"
    r"(?P<offset>[Zz](?!\w)|(?:UTC|GMT)?[+-][0-9]{1,2}(?::?[0-9]{2})?)?(?![\w:])"
)
_SPOKEN = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:[:.h](?P<minute>[0-9]{2}))? ?"
    r"(?P<half>[ap]\.?m\.?|h(?:rs?|ours)?|o'clock|uhr)?(?![\w:])",
    re.IGNORECASE,
)
_AFTER_DAY = re.compile(r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}),? (?:at )?", re.IGNORECASE)
_WORDS = {"noon": "12:00", "midday": "12:00"}
_DAY_ENDS = re.compile(r"(?:by )?(?:(?:the )?end of (?:the )?day|24:00)", re.IGNORECASE)
_BUSINESS_ENDS = (
    r"(?:the )?(?:cob|eob|eobd|cobd|close of (?:the )?business(?: day)?|close of play"
    r"|end of (?:the )?(?:business|working) (?:day|hours)|business close|end of business)"
)
_LEADS = r"(?:(?<![\w-])(?:on|at|by)(?: or |/))?"  # or before
_CLOSE = re.compile(
    rf"{_LEADS}(?:(?:at|by|before|until|through|(?:no|not) later than|on) )?"
    rf"(?P<words>{_BUSINESS_ENDS})"
    r",?(?: on| of)?(?: the)? (?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?![\w-])"
    rf"|(?:(?:by|on|before) )?(?P<before>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}),? (?:at |by )?"
    rf"(?P<behind>{_BUSINESS_ENDS})(?![\w-])",
    re.IGNORECASE,
)
_CLOSE_OF_EVENT = re.compile(
    rf"(?:(?:at|by|before|until|on) )?(?P<words>{_BUSINESS_ENDS}),?(?: on| of)?(?: the)?"
    r"(?= [a-z0-9(])",
    re.IGNORECASE,
)
_END_OF_DAY = re.compile(
    r"(?:(?:at|by) )?(?P<words>(?:the )?(?:eod|end of (?:the )?day))(?: on| of)?(?= [0-9]{4}-)",
    re.IGNORECASE,
)


def close_of_business(state: ParseState) -> Diagnostic | None:
    """`close of business on 2030-03-15` is an hour of that day, and not the day's end."""
    for match in _CLOSE.finditer(state.text):
        day, words = match["day"] or match["before"], match["words"] or match["behind"]
        suggestion = Suggestion(state.line_with(match.span(), f"{day} 17:00"), "at-17")
        return Diagnostic("close-of-business", match.span(), (("words", words),), (suggestion,))
    ends = _END_OF_DAY.search(state.text)
    if ends is None:
        return None
    suggestion = Suggestion(state.line_with(ends.span(), ""), "its-end")
    return Diagnostic("end-of-day", ends.span(), (("words", ends["words"]),), (suggestion,))


_CLOCK = (
    r"(?:[0-9]{1,2}(?:[:.][0-9]{2})? ?(?:[ap]\.?m\.?|o'clock|hrs?|uhr)|[0-9]{1,2}:[0-9]{2}"
    r"|noon|midday)"
)
_HOUR_OF_COUNT = re.compile(
    rf"(?P<words>(?:(?:at|by|before|until|no later than) )?{_CLOCK},?(?: on| of)?(?: the)?)"
    r" (?=(?:[0-9]|[a-z-]+ )[^:]*\b(?:after|before|following|prior to) )"
    rf"|(?<=[a-z0-9])(?P<behind>,? (?:at |by |before )?{_CLOCK})$",
    re.IGNORECASE,
)


def close_on_event(state: ParseState) -> Diagnostic | None:
    """`close of business on x`, `noon 5 days after x`: a day that is counted has no hour."""
    hour = None if re.search("[0-9]{4}-", state.text) else _HOUR_OF_COUNT.search(state.text)
    if hour is not None:
        words = (hour["words"] or hour["behind"]).strip(" ,")
        suggestion = Suggestion(state.line_with(hour.span(), " "), "hour-in-note")
        return Diagnostic("close-of-business", hour.span(), (("words", words),), (suggestion,))
    match = _CLOSE_OF_EVENT.search(state.text)
    if match is None:
        return None
    suggestion = Suggestion(state.line_with(match.span(), ""), "hour-in-note")
    values = (("words", match["words"]),)
    return Diagnostic("close-of-business", match.span(), values, (suggestion,))


def no_such_time(text: str, tokens: Sequence[Token], at: int) -> Diagnostic:
    """`24:00`, `25:61`"""
    state = ParseState(text, tokens, at, "time")
    token = tokens[at]
    if token.text == "24:00" and at:
        return _end_of_day(state, (tokens[at - 1].end, token.end), tokens[at - 1].text)
    hour, minute = min(int(token.text[:2]), 23), min(int(token.text[3:]), 59)
    suggestions = (Suggestion(state.line_with(token.span, f"{hour:02}:{minute:02}")),)
    return Diagnostic("no-such-time", token.span, (("time", token.text),), suggestions)


def no_such_zone(text: str, token: Token) -> Diagnostic:
    """`17:00 Europe/Berln`"""
    state = ParseState(text, (token,), 0, "zone")
    suggestions = _with_zone(state, token.span, zones_meant(token.text))
    return Diagnostic("bad-zone", token.span, (("zone", token.text),), suggestions)


def _with_zone(
    state: ParseState, span: Span, zones: tuple[Suggestion, ...]
) -> tuple[Suggestion, ...]:
    """The line with each of the zones in that place."""
    return tuple(replace(zone, write=state.line_with(span, zone.write)) for zone in zones)


_CLOCK_FIRST = re.compile(
    rf"{_LEADS}(?:(?:at|by|before|until) )?"
    r"(?P<time>[0-9]{1,2}(?:[:.][0-9]{2})"
    r"?(?: ?[ap]\.?m\.?| ?h| ?uhr)?|noon|midday)"
    r"(?: \(?noon\)?)?,? (?P<zone>(?-i:[A-Z]{2,4}) )?(?:on "
    r"|of )?(?:the )?(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})",
    re.IGNORECASE,
)


def _clock_first(state: ParseState) -> Diagnostic | None:
    """`5 pm on 2028-03-15`: the time stands behind its day."""
    match = _CLOCK_FIRST.search(state.text)
    if match is None or match["time"].isdigit():
        return None
    behind = " ".join(part for part in (match["day"], match["time"], match["zone"]) if part)
    suggestions = (Suggestion(state.line_with(match.span(), behind)),)
    return Diagnostic("other-time", match.span(), (("words", match[0]),), suggestions)


def time_of_day(state: ParseState) -> Diagnostic | None:
    """`2028-03-15T17:00Z`, `2028-03-15 5 pm`, `2028-03-15 17:00 CET`, `2028-03-15 noon`"""
    return (
        _clock_first(state)
        or _stamp(state)
        or _zone_abbreviation(state)
        or _spelt_zone(state)
        or _clock_words(state)
        or _zone_otherwise(state)
    )


def _stamp(state: ParseState) -> Diagnostic | None:
    """An RFC 3339 stamp, or one with seconds or an offset."""
    for match in _STAMP.finditer(state.text):
        if match["offset"] is None and match["seconds"] is None and "T" not in match[0].upper():
            continue
        try:
            day, clock = date.fromisoformat(match["day"]), time.fromisoformat(match["clock"])
            write = _in_utc(day, clock, match["offset"])
        except (ValueError, OverflowError):
            return Diagnostic("other-time", match.span(), (("words", match[0].strip()),))
        span = (match.start(), match.start() + len(match[0].rstrip()))
        suggestions = (Suggestion(state.line_with(span, write)),)
        return Diagnostic("other-time", span, (("words", match[0].strip()),), suggestions)
    return None


def _in_utc(day: date, clock: time, offset: str | None) -> str:
    if offset is None:
        return f"{day} {clock:%H:%M}"
    digits = re.sub(r"[^0-9]", "", offset)
    several = len(digits) > 2  # 530 is 5:30
    hours = int((digits[:-2] if several else digits) or 0)
    minutes = int(digits[-2:]) if several else 0
    apart = timedelta(hours=hours, minutes=minutes) * (-1 if "-" in offset else 1)
    moment = datetime.combine(day, clock, timezone(apart)).astimezone(UTC)
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _zone_abbreviation(state: ParseState) -> Diagnostic | None:
    """`17:00 CET`, `17:00 anywhere on earth`"""
    for at, token in enumerate(state.tokens[:-1]):
        following = state.tokens[at + 1]
        zones = abbreviated_zones(following.text)
        if token.kind != "time" or not zones or is_zone(following.text):
            continue
        last = at + 1
        if following.text.lower() == "anywhere" and state.words(at + 2, 2) == ("on", "earth"):
            last = at + 3
        span = state.span_between(at + 1, last)
        suggestions = _with_zone(state, span, each_zone(zones))
        if instants := _by_abbreviation(state, at, span, following.text, zones):
            suggestions = instants
        return Diagnostic(
            "zone-abbreviated", span, (("zone", state.text[slice(*span)]),), suggestions
        )
    return None


def _by_abbreviation(
    state: ParseState, at: int, span: Span, short: str, zones: Sequence[str]
) -> tuple[Suggestion, ...]:
    """`2027-10-31 02:30 CEST`: a night's hour that comes twice, or is skipped, is told apart."""
    stated = state.text[state.tokens[at - 1].start : state.tokens[at].end] if at else ""
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError:
        return ()
    instants = (
        instant_by_abbreviation(moment.date(), moment.time(), zone, short) for zone in zones
    )
    place = state.tokens[at - 1].start, span[1]
    return tuple(Suggestion(state.line_with(place, str(meant))) for meant in instants if meant)


_SPELT_ZONES = {
    "eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver",
    "pacific": "America/Los_Angeles", "japan": "Asia/Tokyo", "central european": "Europe/Berlin",
    "greenwich mean": "UTC", "coordinated universal": "UTC", "london": "Europe/London",
}  # fmt: skip
_SPELT_ZONE = re.compile(
    rf"(?P<name>{'|'.join(_SPELT_ZONES)})(?: standard| daylight| summer)? time", re.IGNORECASE
)


def _spelt_zone(state: ParseState) -> Diagnostic | None:
    """`17:00 Eastern Time`"""
    match = _SPELT_ZONE.search(state.text)
    if match is None:
        return None
    suggestions = (Suggestion(state.line_with(match.span(), _SPELT_ZONES[match["name"].lower()])),)
    return Diagnostic("zone-abbreviated", match.span(), (("zone", match[0]),), suggestions)


_ZONE_BEHIND = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:,? (?:at )?(?P<clock>[0-9]{2}:[0-9]{2}))?,? (?:in )?"
    r"(?P<zone>(?!\(?(?:at\b|noon|midday|[0-9]))(?:\([^()]{1,60}\)|[^(),]{1,60}?))"
    r"(?=$|[,)]| (?:if|or|and)\b)"
)


def _zone_otherwise(state: ParseState) -> Diagnostic | None:
    """`17:00 Tokyo Standard Time`, `2028-03-15 JST`: without a time it is the end of that day."""
    for match in _ZONE_BEHIND.finditer(state.text):
        text = match["zone"].strip("()")
        zones = (Suggestion(text),) if is_zone(text) else zones_meant(text)
        is_word = match["clock"] is None and re.fullmatch(r"[a-z]{1,4}\.?", text)  # est., met
        if not zones or is_word or (match["clock"] and is_zone(match["zone"])) or text == "AoE":
            continue
        day, clock = match["day"], match["clock"] or "23:59"
        suggestions = tuple(
            replace(zone, write=state.line_with(match.span(), _of_zone(day, clock, zone.write)))
            for zone in zones
        )
        return Diagnostic("zone-abbreviated", match.span("zone"), (("zone", text),), suggestions)
    return None


def _of_zone(day: str, clock: str, zone: str) -> str:
    if zone == "Etc/GMT+12" and clock == "23:59":
        return f"{day} AoE"
    return f"{day} {clock} {zone}"


def _clock_words(state: ParseState) -> Diagnostic | None:
    """`5 pm`, `17h`, `noon`, `close of business`, behind a day"""
    for match in _AFTER_DAY.finditer(state.text):
        rest = state.text[match.end() : match.end() + 40]
        if ends := _DAY_ENDS.match(rest):
            span = (match.end("day"), match.end() + ends.end())
            return _end_of_day(state, span, match["day"])
        word = re.match(r"[a-z]*", rest.lower())
        if word and word[0] in _WORDS:
            return _clock_suggestion(state, match, word.end(), _WORDS[word[0]])
        spoken = _SPOKEN.match(rest)
        if spoken is None or not (spoken["half"] or spoken["minute"]):
            continue
        hour, minute = int(spoken["hour"]), int(spoken["minute"] or 0)
        half = (spoken["half"] or "").lower()
        if half.startswith(("a", "p")):
            if not 1 <= hour <= 12:
                continue
            hour = hour % 12 + (12 if half.startswith("p") else 0)
        written = match[0].endswith(f"{match['day']} ") and re.fullmatch(
            r"[0-9]{2}:[0-9]{2}", spoken[0].strip()
        )
        if hour > 23 or minute > 59 or written:
            continue
        end = len(spoken[0].rstrip())
        return _clock_suggestion(state, match, end, f"{hour:02}:{minute:02}")
    return None


def _clock_suggestion(state: ParseState, day: re.Match[str], length: int, clock: str) -> Diagnostic:
    span = (day.end("day"), day.end() + length)
    words = state.text[day.end() : span[1]]
    suggestions = (Suggestion(state.line_with(span, f" {clock}")),)
    return Diagnostic("other-time", (day.end(), span[1]), (("words", words),), suggestions)


def _end_of_day(state: ParseState, span: Span, day: str) -> Diagnostic:
    """The end of a day is the day itself; the instant at which it is over, the next day's 00:00."""
    suggestions = [Suggestion(state.line_with(span, ""), "its-end")]
    try:
        following = date.fromisoformat(day) + timedelta(days=1)
        head = state.text[: span[0]].removesuffix(day)
        line = collapse_spaces(f"{head}{following} 00:00{state.text[span[1] :]}")
        suggestions.append(Suggestion(line, "its-last-instant"))
    except (ValueError, OverflowError):
        pass
    words = state.text[span[0] : span[1]].strip()
    return Diagnostic("end-of-day", span, (("words", words),), tuple(suggestions))
