"""What is refused, and what to write instead.

The parser asks here for the fault that helps most when a line cannot be read. Each rule looks for
one habit of documents ("by 2030", "ninety (90) days", "early 2028") and offers the lines that it
could mean; the table of them is docs/words.md's. The first rule that fits wins, so the order of
RULES matters: the more particular a habit, the earlier it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from fractions import Fraction
from typing import NamedTuple

from tracker.dates.faults import Fault, LineError, Offer
from tracker.dates.forms import Span
from tracker.dates.periods import SHAPE, NoSuchPeriod, read_period
from tracker.dates.tokens import ID, KEYWORDS, UNITS, Token, folded, tokens_of


class Scene(NamedTuple):
    """Where the reading stopped: at `tokens[at]`, where `expected` should have stood."""

    text: str
    tokens: Sequence[Token]
    at: int
    expected: str

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def words(self, start: int, count: int) -> tuple[str, ...]:
        """The next few tokens in lower case, to be held against a habit."""
        return tuple(token.text.lower() for token in self.tokens[start : start + count])

    def with_(self, span: Span, text: str) -> str:
        """The whole line with that part of it replaced."""
        return folded(self.text[: span[0]] + text + self.text[span[1] :])

    def from_to(self, first: int, last: int) -> Span:
        return self.tokens[first].start, self.tokens[last].end

    def period_at(self, index: int) -> str | None:
        """The period that stands at that token, if one does that exists."""
        if index >= len(self.tokens) or self.tokens[index].kind != "period":
            return None
        return _existing(self.tokens[index].text)


Rule = Callable[[Scene], Fault | None]


def refusal(text: str, tokens: Sequence[Token], at: int, expected: str) -> Fault:
    """The fault that helps most at `tokens[at]`, where `expected` should stand."""
    scene = Scene(text, tokens, at, expected)
    for rule in RULES:
        if fault := rule(scene):
            return fault
    return _expected(scene)


def habit_of_name(text: str, span: Span) -> Fault | None:
    """The habit, if any, of a lone word that was read as an id: `tbd`, `mid-2028`."""
    tokens = tokens_of(text)
    at = next((n for n, token in enumerate(tokens) if token.start >= span[0]), 0)
    scene = Scene(text, tokens, at, "ref")
    return _open_words(scene) or _part_of_year(scene)


def no_such_period(text: str, token: Token, nearest: tuple[str, ...]) -> Fault:
    """`2029-02-29`, `2026-W54`: offers the nearest that exist."""
    scene = Scene(text, (token,), 0, "period")
    offers = tuple(Offer(scene.with_(token.span, name)) for name in nearest)
    return Fault("no-such-period", token.span, (("period", token.text),), offers)


# -- look-alikes: characters that look right and are not ASCII

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u30fc"
_LOOKS_LIKE = str.maketrans(
    {
        **dict.fromkeys(_DASHES, "-"),
        "、": ",", "，": ",", "。": ".", "（": "(", "）": ")",
        "а": "a", "с": "c", "е": "e", "һ": "h", "і": "i", "ј": "j", "ո": "n", "о": "o", "ο": "o",
        "р": "p", "ѕ": "s", "у": "y", "х": "x", "Н": "H", "Ԛ": "Q", "Ԝ": "W", "ı": "i", "ɡ": "g",
    }
)  # fmt: skip
_ODD_SPACE = re.compile(r"[^\S \t\n]|[\u200b-\u200f\u2060\ufeff]")


def refuse_look_alikes(line: str) -> None:
    """Raises LineError at the first character that is not plain ASCII text or white space."""
    if line.isascii() and line.isprintable():
        return
    for at, character in enumerate(line):
        if character in " \t\n" or (character.isascii() and character.isprintable()):
            continue
        spelt = _ODD_SPACE.sub(" ", line).translate(_LOOKS_LIKE)
        spelt = folded(unicodedata.normalize("NFKC", spelt))
        plain = spelt.isascii() and spelt.isprintable()
        name = unicodedata.name(character, f"U+{ord(character):04X}")
        raise LineError(
            Fault(
                "look-alike",
                (at, at + 1),
                (("name", name),),
                (Offer(spelt),) if plain else (),
            )
        )


# -- the habits, one short rule each


def _wrong_case(scene: Scene) -> Fault | None:
    """`Through 2030`, `2030-q4`, `AGI-verified`"""
    token = scene.token
    right = token.text.upper() if SHAPE.fullmatch(token.text.upper()) else token.text.lower()
    known = right in KEYWORDS or SHAPE.fullmatch(right) or ID.fullmatch(right)
    if token.kind != "other" or right == token.text or not known or right in _OPEN_WORDS:
        return None
    if re.fullmatch(r"(fy|[0-9]).*", right) and not SHAPE.fullmatch(right):
        return None
    offers = (Offer(scene.with_(token.span, right)),)
    return Fault("wrong-case", token.span, (("right", right),), offers)


_SPELT = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15,
    "eighteen": 18, "twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45, "fifty": 50,
    "sixty": 60, "ninety": 90, "hundred": 100, "twenty-four": 24, "thirty-six": 36,
}  # fmt: skip


def _spelt_number(scene: Scene) -> Fault | None:
    """`ninety (90) days`, `one month`"""
    for at in range(scene.at + 1):
        word, mark, digits, closing = (*scene.words(at, 4), "", "", "", "")[:4]
        if word not in _SPELT:
            continue
        if mark == "(" and digits.isdigit() and closing == ")":
            number, last = digits, at + 3
        elif mark in UNITS:
            number, last = str(_SPELT[word]), at
        else:
            continue
        span = scene.from_to(at, last)
        return Fault("spelt-number", span, (), (Offer(scene.with_(span, number)),))
    return None


def _odd_number(scene: Scene) -> Fault | None:
    """`3.5 years`, `-3 days after x`"""
    at = scene.at
    match = re.fullmatch(r"([-+]?)([0-9]{1,6})(?:[.,]([0-9]{1,4}))?", scene.token.text)
    unit = UNITS.get("".join(scene.words(at + 1, 1)))
    if match is None or unit is None or not (match[1] or match[3]):
        return None
    span = scene.from_to(at, at + 1)
    whole = _whole(Fraction(f"{match[2]}.{match[3] or 0}"), unit)
    if whole is None:
        return Fault("odd-number", span)
    line = scene.with_(span, whole)
    if match[1] == "-":
        line = re.sub(r"\b(after|before)\b", _turned, line, count=1)
    return Fault("odd-number", span, (), (Offer(line),))


def _turned(match: re.Match[str]) -> str:
    return "before" if match[0] == "after" else "after"


def _whole(number: Fraction, unit: str) -> str | None:
    """3.5 years as 3 years and 6 months; None where it does not come out whole."""
    smaller, size = {"year": ("month", 12), "quarter": ("month", 3), "week": ("day", 7)}.get(
        unit, (unit, 1)
    )
    whole, rest = divmod(number, 1)
    rest *= size
    if rest.denominator != 1 or (rest and smaller == unit):
        return None
    parts = [_counted(whole, unit)] if whole or not rest else []
    if rest:
        parts.append(_counted(rest.numerator, smaller))
    return " and ".join(parts)


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


_DAY_ADJECTIVES = {"calendar": "days", "consecutive": "days", "clear": "days", "civil": "days"}


def _kinds_of_days(scene: Scene) -> Fault | None:
    """`30 calendar days`"""
    for at in range(scene.at + 1):
        kind, days = (*scene.words(at, 2), "", "")[:2]
        if kind in _DAY_ADJECTIVES and days in ("day", "days"):
            span = scene.from_to(at, at + 1)
            return Fault("calendar-days", span, (), (Offer(scene.with_(span, days)),))
    return None


def _until(scene: Scene) -> Fault | None:
    """`until 2030`, `by 2030`: lawyers read both either way."""
    for at in range(scene.at + 1):
        word = "".join(scene.words(at, 1))
        if word not in ("until", "till", "by", "til"):
            continue
        values = (("word", word),)
        if scene.period_at(at + 1):
            return Fault("until", scene.tokens[at].span, values, _until_offers(scene, at))
        if at + 1 < len(scene.tokens) - 1:
            head = scene.from_to(at, at + 1)
            rest = scene.tokens[at + 1].text
            offers = (
                Offer(scene.with_(head, rest), "that-day-included"),
                Offer(scene.with_(head, f"1 day before {rest}"), "that-day-not-included"),
            )
            return Fault("until", scene.tokens[at].span, values, offers)
        return Fault("until", scene.tokens[at].span, values)
    return None


def _until_offers(scene: Scene, at: int) -> tuple[Offer, ...]:
    span = scene.tokens[at].span
    return (
        Offer(scene.with_(span, "through"), "period-included"),
        Offer(scene.with_(span, "before"), "period-not-included"),
    )


_DEADLINE_PHRASES = (
    ("no", "later", "than"), ("not", "later", "than"), ("on", "or", "before"), ("on", "or", "by"),
    ("at", "the", "latest"), ("at", "least"), ("no", "fewer", "than"), ("no", "less", "than"),
    ("not", "less", "than"), ("on",),
)  # fmt: skip


def _deadline_phrases(scene: Scene) -> Fault | None:
    """`no later than 2030-03-15`, `on or before x`, `at least 90 days before x`"""
    for at in range(scene.at + 1):
        for phrase in _DEADLINE_PHRASES:
            if scene.words(at, len(phrase)) != phrase or at + len(phrase) >= len(scene.tokens) - 1:
                continue
            span = scene.from_to(at, at + len(phrase) - 1)
            values = (("words", " ".join(phrase)),)
            return Fault("deadline-phrase", span, values, (Offer(scene.with_(span, "")),))
    return None


_PARTS_OF_YEAR = {
    "early": ("Q1", "H1"), "mid": ("Q2", "Q3"), "late": ("Q4", "H2"), "spring": ("Q1", "Q2"),
    "summer": ("Q2", "Q3"), "autumn": ("Q3", "Q4"), "fall": ("Q3", "Q4"), "winter": ("Q4", "Q1"),
}  # fmt: skip


def _part_of_year(scene: Scene) -> Fault | None:
    """`early 2028`, `mid-2028`, `spring 2028`"""
    for at in range(scene.at + 1):
        word, dash, year = scene.tokens[at].text.lower().partition("-")
        last = at
        if not dash:
            last, year = at + 1, "".join(scene.words(at + 1, 1))
        if word not in _PARTS_OF_YEAR or not re.fullmatch(r"[0-9]{4}", year):
            continue
        first = at - 1 if at and scene.tokens[at - 1].is_word("in") else at
        span = scene.from_to(first, last)
        offers = tuple(
            Offer(scene.with_(span, f"in {year}-{part}")) for part in _PARTS_OF_YEAR[word]
        )
        return Fault("part-of-year", span, (("word", word),), offers)
    return None


def _fiscal_year(scene: Scene) -> Fault | None:
    """`FY2027`: whose fiscal year it is, no calendar says."""
    for at in range(scene.at + 1):
        if re.fullmatch(r"fy-?(?:[0-9]{2}){1,2}", scene.tokens[at].text.lower()):
            return Fault("fiscal-year", scene.tokens[at].span)
    return None


_NTH = re.compile(r"(?:[0-9]+(?:st|nd|rd|th)|first|second|third|fourth|fifth|last)")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _nth_weekday(scene: Scene) -> Fault | None:
    """`3rd friday of 2028-03`: the day itself, computed."""
    for at in range(scene.at + 1):
        nth, weekday, of = (*scene.words(at, 3), "", "", "")[:3]
        month = scene.period_at(at + 3)
        if not (_NTH.fullmatch(nth) and weekday in _WEEKDAYS and of == "of" and month):
            continue
        span = scene.from_to(at, at + 3)
        day = _weekday_of(nth, _WEEKDAYS.index(weekday), month)
        return Fault("nth-weekday", span, (), (Offer(scene.with_(span, day)),) if day else ())
    return None


def _weekday_of(nth: str, weekday: int, name: str) -> str | None:
    """The nth such weekday of the period as a day, None where it has no such day."""
    period = read_period(name)
    span = range(period.first.toordinal(), period.last.toordinal() + 1)
    days = [n for n in span if (n - 1) % 7 == weekday]
    words = ("first", "second", "third", "fourth", "fifth")
    if nth == "last":
        number = len(days)
    else:
        number = words.index(nth) + 1 if nth in words else int(nth[:-2])
    if not 1 <= number <= len(days):
        return None
    return str(period.first.fromordinal(days[number - 1]))


_OPEN_WORDS = frozenset(
    "tbd tbc tba rolling asap promptly immediately eventually soon ongoing forever never"
    " undated unknown".split()
)


def _open_words(scene: Scene) -> Fault | None:
    """`TBD`, `rolling`, `asap`"""
    for at in range(scene.at + 1):
        if scene.tokens[at].text.lower() in _OPEN_WORDS:
            return Fault(
                "no-day-known",
                scene.tokens[at].span,
                (("word", scene.tokens[at].text),),
                (Offer("open", "open-with-a-note"),),
            )
    return None


def _conditions(scene: Scene) -> Fault | None:
    """`unless`, `provided`, `subject to`"""
    for at in range(scene.at + 1):
        token = scene.tokens[at]
        if token.text.lower() in ("unless", "provided", "subject", "if"):
            return Fault("condition", token.span, (("word", token.text),))
    return None


def _from(scene: Scene) -> Fault | None:
    """`30 days from x`: is x counted?"""
    token = scene.token
    if scene.expected != "direction" or token.text.lower() not in ("from", "since", "following"):
        return None
    offers = (Offer(scene.with_(token.span, "after"), "not-counted"),)
    return Fault("days-from", token.span, (("word", token.text),), offers)


def _deadline_of_event(scene: Scene) -> Fault | None:
    """`before x`, `through x`"""
    before = scene.tokens[scene.at - 1] if scene.at else scene.token
    if scene.expected != "period" or scene.token.kind != "word":
        return None
    if scene.token.text in KEYWORDS and not scene.token.is_word("start", "end"):
        return None
    if before.text == "in":
        return Fault("in-event", scene.token.span, (("ref", scene.token.text),))
    offers = {
        "through": Offer(scene.with_(before.span, ""), "that-day-included"),
        "before": Offer(scene.with_(before.span, "1 day before"), "that-day-not-included"),
    }
    shown = (
        (offers["before"], offers["through"])
        if before.text == "before"
        else (offers["through"], offers["before"])
    )
    return Fault("deadline-of-event", before.span, (("word", before.text),), shown)


def _edge_of_period(scene: Scene) -> Fault | None:
    """`end of 2028`, `start of 2028`, `end of month of 2028-02`"""
    at = scene.at
    if scene.expected != "ref" or at < 2 or scene.tokens[at - 1].text != "of":
        return None
    edge, last = scene.tokens[at - 2].text, at
    if scene.token.text in UNITS and "".join(scene.words(at + 1, 1)) == "of":
        last = at + 2
    name = scene.period_at(last)
    if name is None or edge not in ("start", "end"):
        return None
    span = scene.from_to(at - 2, last)
    period = read_period(name)
    write = f"through {name}" if edge == "end" else str(period.first)
    return Fault("edge-of-period", span, (("edge", edge),), (Offer(scene.with_(span, write)),))


def _after_a_day(scene: Scene) -> Fault | None:
    """`after 2027-07-24`: is that day itself one of them?"""
    name = scene.period_at(scene.at)
    if scene.expected != "ref" or name is None or not scene.tokens[scene.at - 1].is_word("after"):
        return None
    period = read_period(name)
    span = scene.from_to(scene.at - 1, scene.at)
    days = [period.last]
    if period.last != period.last.max:
        days.append(period.last.fromordinal(period.last.toordinal() + 1))
    offers = tuple(Offer(scene.with_(span, f"not before {day}")) for day in days)
    if period.kind != "day":
        offers = (Offer(scene.with_(span, f"not before {period.first}")), offers[-1])
    return Fault("after-a-day", span, (), offers)


def _precedence(scene: Scene) -> Fault | None:
    """`30 days after earliest of a, b`, `earliest of earliest of a, b, c`"""
    if scene.expected not in ("ref", "direction") or not scene.at:
        return None
    start = scene.token.start
    if scene.token.is_word("earliest", "latest"):
        head, inner = scene.text[:start], scene.text[start:]
        lines = [f"{head}({inner})"]
        if scene.tokens[scene.at - 1].text == "of" and inner.count(",") > 1:
            first, second, rest = inner.split(",", 2)
            lines = [f"{head}({first},{second}),{rest}"]
        elif "," in inner and scene.tokens[0].text not in ("earliest", "latest"):
            word, of, items = inner.split(None, 2)
            first, rest = items.split(",", 1)
            lines.append(f"{word} {of} {head}{first},{rest}")
        offers = tuple(Offer(folded(line)) for line in lines)
        return Fault("needs-brackets", scene.token.span, (), offers)
    return None


def _nested_offset(scene: Scene) -> Fault | None:
    """`30 days after 2 weeks after x`"""
    if scene.expected != "ref" or not scene.at or not scene.token.is_number:
        return None
    if not scene.tokens[scene.at - 1].is_word("after", "before"):
        return None
    start = scene.token.start
    line = folded(f"{scene.text[:start]}({scene.text[start:].rstrip()})")
    return Fault("needs-brackets", scene.token.span, (), (Offer(line),))


def _midnight(scene: Scene) -> Fault | None:
    """`midnight 2030-03-15`: a day's beginning, or its end?"""
    for at in range(scene.at + 1):
        if scene.tokens[at].text.lower() != "midnight":
            continue
        last = at + 2 if "".join(scene.words(at + 1, 1)) in ("of", "on") else at + 1
        day = scene.period_at(last)
        if day is None:
            return Fault("midnight", scene.tokens[at].span)
        span = scene.from_to(at, last)
        offers = (
            Offer(scene.with_(span, day), "its-end"),
            Offer(scene.with_(span, f"1 day before {day}"), "its-beginning"),
        )
        return Fault("midnight", scene.tokens[at].span, (), offers)
    return None


def _bare_period(scene: Scene) -> Fault | None:
    """`2030`, `2030-Q4`: the deadline, or an unknown day of it?"""
    if scene.expected not in ("operand", "unit") or scene.token.kind != "period":
        return None
    name = _existing(scene.token.text)
    if name is None:
        return None
    last = str(read_period(name).last)
    span = scene.token.span
    offers = (
        Offer(scene.with_(span, f"through {name}"), "its-last-day", (("day", last),)),
        Offer(scene.with_(span, f"in {name}"), "an-unknown-day"),
    )
    return Fault("bare-period", span, (("period", name),), offers)


_NOT_READ = frozenset(
    "within between each due hour hours business half-year every working banking".split()
)


def _not_read_yet(scene: Scene) -> Fault | None:
    """Words that documents use and this version does not read."""
    for at in range(scene.at + 1):
        token = scene.tokens[at]
        if token.text.lower() in _NOT_READ:
            return Fault("not-read", token.span, (("word", token.text),))
    return None


def _misspelt(scene: Scene) -> Fault | None:
    """`throgh 2030`: the nearest word of the grammar."""
    if scene.expected != "end":
        return None
    for at in range(scene.at + 1):
        token = scene.tokens[at]
        if token.kind != "word" or token.text in KEYWORDS:
            continue
        if near := get_close_matches(token.text, sorted(KEYWORDS), n=1, cutoff=0.7):
            offer = Offer(scene.with_(token.span, near[0]))
            return Fault("not-a-word", token.span, (("word", token.text),), (offer,))
    return None


def _expected(scene: Scene) -> Fault:
    """No habit that is known: what should stand here."""
    case = "line-ends" if scene.token.kind == "end" else "expected"
    values = (("expected", scene.expected), ("found", scene.token.text))
    return Fault(case, scene.token.span, values)


def _existing(text: str) -> str | None:
    try:
        return str(read_period(text))
    except NoSuchPeriod:
        return None


RULES: tuple[Rule, ...] = (
    _open_words,
    _wrong_case,
    _spelt_number,
    _odd_number,
    _kinds_of_days,
    _part_of_year,
    _fiscal_year,
    _nth_weekday,
    _until,
    _deadline_phrases,
    _from,
    _edge_of_period,
    _after_a_day,
    _deadline_of_event,
    _precedence,
    _nested_offset,
    _midnight,
    _bare_period,
    _conditions,
    _not_read_yet,
    _misspelt,
)
