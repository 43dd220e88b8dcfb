"""What states no day at all: `TBD`, `to be announced`, `as agreed`, `on a rolling basis`."""

from __future__ import annotations

import re

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.suggestions.parse_state import ParseState

OPEN_WORDS = frozenset(
    "tbd tbc tba rolling asap promptly immediately eventually soon ongoing forever never"
    " undated unknown n/a na none indefinitely perpetual perpetually pending unscheduled undecided"
    " undetermined unspecified someday anytime whenever tentative provisional".split()
)
_SETTLED = (
    r"(?:announced|determined|confirmed|agreed|decided|advised|notified"
    r"|fixed|set|scheduled|specified"
    r"|arranged|defined|settled|communicated|published|established|negotiated|given|named|known"
    r"|available|applicable|certain|clarified|discussed|finali[sz]ed)"
)
_WHOLE_LINES = (
    (
        rf"(?:(?:the )?(?:date|day|time) )?(?:(?:is|still"
        rf"|yet) )*to be (?:mutually |jointly |later )?{_SETTLED}.*"
    ),
    rf"(?:(?:the )?(?:date|day|time) )?(?:is )?(?:not yet|yet not|not|un) ?{_SETTLED}(?: yet)?",
    (
        rf"(?:as|when|if|once|unless otherwise)(?: and when)? (?:may be |may later be )?"
        rf"(?:mutually |otherwise |later )?(?:{_SETTLED}|required|needed"
        rf"|requested|appropriate|necessary).*"
    ),
    r"t\.? ?b\.? ?[acd]\.?",
    r"by (?:mutual )?(?:agreement|consent).*|on demand|at will|per agreement|subject to agreement",
    r"(?:at|in) (?:the |its |his |her |their )?(?:sole |absolute )?discretion.*",
    (
        r"pending(?: .*)?|(?:(?:the )?(?:date|day) )?(?:unknown|unscheduled"
        r"|undecided|undetermined|unspecified)"
    ),
    (
        r"no (?:fixed |set |known )?(?:date|day|deadline)(?: yet)?"
        r"|open[ -]ended|ongoing|on an ongoing basis"
    ),
    (
        r"some ?(?:time|day)(?: in (?:the )?future)?|at some point"
        r"|in (?:the )?future|one day|in due time"
    ),
    (
        r"until further notice|in perpetuity|for ?ever"
        r"|(?:on )?(?:a )?rolling(?: basis)?|from time to time"
    ),
    r"(?:at )?any ?time|whenever.*|nothing|not applicable|-+|\?+|tbd.*|tbc.*|tba.*",
)
_NO_DAY = re.compile(rf"(?:{'|'.join(_WHOLE_LINES)})", re.IGNORECASE)


def no_day(state: ParseState) -> Diagnostic | None:
    """A line that states no day: it may happen on any, and its words belong into the note."""
    if re.search(r"[0-9]", state.text) or not _NO_DAY.fullmatch(state.text):
        return None
    suggestions = (Suggestion("open", "open-with-a-note"),)
    values = (("word", state.text),)
    return Diagnostic("no-day-known", (0, len(state.text)), values, suggestions)


def open_word(state: ParseState) -> Diagnostic | None:
    """`TBD`, `rolling`, `asap`; beside a number they say something of a day that is there."""
    if re.search(r"[0-9]", state.text):
        return None
    for token in state.tokens[: state.at + 1]:
        if token.text.lower() in OPEN_WORDS:
            suggestions = (Suggestion("open", "open-with-a-note"),)
            return Diagnostic("no-day-known", token.span, (("word", token.text),), suggestions)
    return None


_RELATIVE = re.compile(
    r"(?:by |on |until |before |after |in )?(?:the )?(?:today|tomorrow"
    r"|yesterday|now|tonight|last night"
    r"|(?:next|this|last|coming|the following) (?:week|month|quarter|year"
    r"|(?:mon|tues|wednes|thurs|fri"
    r"|satur|sun)day)|the day (?:after tomorrow|before yesterday))",
    re.IGNORECASE,
)


_CLOCK = (
    r"[0-9]{1,2}(?:[:.h][0-9]{2})? ?(?:[ap]\.?m\.?|h(?:rs?)?|uhr|o'clock)?|noon|midday|midnight"
)
_WEEKDAY_ALONE = re.compile(
    r"(?:(?:on|by|before|until|till|due|from|after|this|at|no later than) )*"
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
    rf"(?:,? (?:at |by |before )?(?:{_CLOCK})"
    r"|,? (?:morning|afternoon|evening|night|next week|eod))?",
    re.IGNORECASE,
)


def weekday_alone(state: ParseState) -> Diagnostic | None:
    """`by Friday`, `Tuesday 3pm`: of which week?"""
    if _WEEKDAY_ALONE.fullmatch(state.text) is None:
        return None
    return Diagnostic("relative-day", (0, len(state.text)), (("words", state.text),))


def relative_day(state: ParseState) -> Diagnostic | None:
    """`today`, `next Friday`: a file is read on another day."""
    if _RELATIVE.fullmatch(state.text) is None:
        return None
    return Diagnostic("relative-day", (0, len(state.text)), (("words", state.text),))
