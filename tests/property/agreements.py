"""Random agreements, as files: events that wait, renew, repeat and are amended and recorded."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

DAYS = st.dates(date(2026, 1, 1), date(2029, 12, 31))
LENGTHS = st.sampled_from(["1 month", "6 months", "1 year", "90 days", "2 weeks"])
UNITS = st.sampled_from(["end of quarter", "start of month", "end of year"])
RULES = st.sampled_from(
    ["1 month", "1 quarter, 5 in all", "1 year", "FREQ=MONTHLY;BYDAY=1MO", "2 weeks, 9 in all"]
)


def _lines(**fields: str) -> str:
    return "".join(f"{key} = {value}\n" for key, value in fields.items())


def _event(name: str, **fields: str) -> str:
    named = {"id": f'"{name}"', "title": f'"{name.upper()}"'}
    return f"\n[[event]]\n{_lines(**named, **fields)}"


@st.composite
def agreements(draw: st.DrawFn) -> str:
    """The text of an agreement that is sound, whatever was drawn."""

    def quoted(strategy: st.SearchStrategy[str]) -> str:
        return f'"{draw(strategy)}"'

    def maybe(key: str, value: str, chance: int = 3) -> dict[str, str]:
        return {key: value} if draw(st.integers(0, chance)) == 0 else {}

    def day() -> str:
        return draw(DAYS).isoformat()

    laws = st.sampled_from(["jp-civil", "de-bgb", "eu-1182", "us-frcp"])
    parts = ['id = "a"\ntimezone = "UTC"\ncalendar = "weekdays"\n']
    if draw(st.integers(0, 4)) == 0:
        parts.append(f'closed = ["{day()}", "2027-12-27..2027-12-31"]\n')
    parts.append(_event("x", when='"open"', **maybe("occurred", day(), 1)))
    after = st.sampled_from(["after x", "open", "30 days after x"])
    parts.append(_event("y", when=quoted(after), **maybe("occurred", day(), 2)))
    start = st.sampled_from([day(), "x", "2026-03-31", "2026-01-01"])
    ends = st.sampled_from(
        ["earliest of x, through 2028", "2027-06-30", "2028-02-29", "y",
         "through 2029, or 2028-01-31 if claim", "not after 2028-12-31"]
    )  # fmt: skip
    parts.append(_event("right", starts=quoted(start), ends=quoted(ends), **maybe("ended", day())))
    renews = draw(LENGTHS) + draw(st.sampled_from(["", ", at most 3 times"]))
    renews += draw(st.sampled_from([" unless notice", " if notice"]))
    parts.append(
        _event("lease", starts=f'"{day()}"', lasts=quoted(LENGTHS), renews=f'"{renews}"',
               **maybe("ended", day(), 5), **maybe("withdrawn", day(), 9))
    )  # fmt: skip
    before = "1 month before each end of lease"
    parts.append(_event("notice", when=quoted(st.sampled_from([before, f"not after ({before})"]))))
    options = st.sampled_from(
        ["not after 2027-06-30", "not before 2027-01-01, not after (1 year after y)",
         "not after (earliest of x, through 2027)"]
    )  # fmt: skip
    parts.append(_event("claim", when=quoted(options), **maybe("occurred", day())))
    parts.append(
        _event("rent", when=f'"{day()}"', repeats=quoted(RULES),
               **maybe("during", quoted(st.sampled_from(["right", "lease"]))),
               **maybe("roll", '"next"'), **maybe("withdrawn", day(), 9))
    )  # fmt: skip
    paid = st.sampled_from(
        ["10 days after each rent", "3 clear days before each rent",
         "10 days after each rent, or 2 months after each rent if told",
         "latest of 10 days after each rent, told"]
    )  # fmt: skip
    parts.append(_event("told", when='"not before each rent"', **maybe("withdrawn", day(), 5)))
    parts.append(_event("paid", when=quoted(paid), **maybe("counting", quoted(laws))))
    parts.append(
        _event("report", when=f'"30 days after each {draw(UNITS)}"',
               during=quoted(st.sampled_from(["right", "lease"])))
    )  # fmt: skip
    clause = st.sampled_from(["x", "y"])
    stated = f'"1 month after x, or 3 months after x if {draw(clause)}"'
    law = maybe("counting", quoted(laws))
    parts.append(_event("answer", when=stated, **maybe("occurred", day()), **law))
    forecast = st.sampled_from(
        ["in 2028-Q1", "between 2027-06-01 and (earliest of y, through 2028)", "within 30 days after x",
         "earliest of y, in 2028", "1 month after 2027-05-31, or 2028-06-30 if y"]
    )  # fmt: skip
    parts.append(_event("delivery", when=quoted(forecast), **maybe("occurred", day())))
    parts += _again(draw)
    parts += _amendments(draw)
    return "".join(parts)


def _again(draw: st.DrawFn) -> list[str]:
    """What may happen any number of times, what is done again, and what hangs on each of it."""

    def maybe(key: str, value: str) -> dict[str, str]:
        return {key: value} if draw(st.integers(0, 3)) == 0 else {}

    def table(rows: list[tuple[str, date]]) -> dict[str, str]:
        written = ", ".join(f"{name} = {day}" for name, day in rows)
        return {"occurred": f"{{ {written} }}"} if rows else {}

    during = st.sampled_from(['"right"', '"lease"'])
    opened = st.sampled_from(["open", "after y", "not before 2027-06-30", "not after 2028-02-29"])
    names = draw(st.lists(st.sampled_from(["a-1", "b", '"2027-05-05"']), unique=True))
    happened = [(name, draw(DAYS)) for name in names]
    gone = f"{{ {names[0]} = {draw(DAYS)} }}" if names else f"{draw(DAYS)}"
    done = [
        (str(number), day) for number, day in enumerate(sorted(draw(st.lists(DAYS, max_size=3))), 1)
    ]
    length = draw(st.sampled_from(["1 year after done", "6 months after done, 3 in all"]))
    first = draw(st.sampled_from(["2026-01-31", "open", "in 2027-Q1", "30 days after x"]))
    return [
        _event("incident", when=f'"{draw(opened)}"', repeats='"as it happens"', **table(happened),
               **maybe("withdrawn", gone), **maybe("during", draw(during))),
        _event("filed", when='"30 days after each incident"', **table(happened[:1]),
               **maybe("during", draw(during))),
        _event("check", when=f'"{first}"', repeats=f'"{length}"', **table(done),
               **maybe("withdrawn", f"{draw(DAYS)}"), **maybe("during", draw(during))),
        _event("certificate", when='"5 business days after each check"'),
    ]  # fmt: skip


def _amendments(draw: st.DrawFn) -> list[str]:
    parts = []
    for number in range(draw(st.integers(0, 2))):
        parts.append(f'\n[[amendment]]\nid = "am{number}"\non = {draw(DAYS)}\n')
        named = st.sampled_from(["right", "lease", "rent", "claim"])
        changed = draw(st.lists(named, unique=True))
        for name in changed:
            day = draw(DAYS)
            change = {
                "right": {"ends": f'"{day + timedelta(days=1500)}"'},
                "lease": {"renews": f'"1 year, at most {number + 1} times unless notice"'},
                "claim": {"when": draw(st.sampled_from([f'"{day}"', f'"not after {day}"']))},
                "rent": {"when": f'"{day}"', "title": '"Rent"'},
            }[name]
            lines = _lines(id='"' + name + '"', **change)
            parts.append(f"\n[[amendment.event]]\n{lines}")
        if draw(st.booleans()):
            new = _lines(id=f'"new{number}"', title='"New"', when=f'"{draw(DAYS)}"')
            parts.append(f"\n[[amendment.event]]\n{new}")
    return parts
