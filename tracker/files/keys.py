"""Every key of an events file, a row each; the sentences `key.TABLE.NAME` say what each means."""

from __future__ import annotations

from tracker.dates.calendars import ROLLS
from tracker.dates.laws import COUNTINGS
from tracker.dates.tokens import ID
from tracker.files.imported import read_imported
from tracker.files.key_model import (
    ANY_LINES,
    ONE_LINE,
    Key,
    Kind,
    Shape,
    either,
    key_names,
    list_of,
)
from tracker.files.values import LANGUAGE, Reader

_IN_LANGUAGES = {"type": "object", "minProperties": 1, "additionalProperties": False}
_LANGUAGE_KEY = f"^{LANGUAGE.pattern}$"


def _by_language(shape: Shape) -> Shape:
    table = {**_IN_LANGUAGES, "patternProperties": {_LANGUAGE_KEY: dict(shape)}}
    return either(shape, table)


def _by_occurrence(shape: Shape) -> Shape:
    return either(shape, {"type": "object", "additionalProperties": dict(shape)})


_ID: Shape = {"type": "string", "maxLength": 200, "pattern": f"^{ID.pattern}$"}
_IMPORTED: Shape = {
    "type": "object",
    "properties": {name: dict(ONE_LINE) for name in ("from", "id", "wrote")},
    "required": ["from", "id"],
    "additionalProperties": False,
}
_WEB: Shape = {"type": "string", "pattern": "^https?://[^/]"}

ONE_ID = Kind("id", _ID, Reader.id, "ID")
TEXTS = Kind("texts", _by_language(ONE_LINE), Reader.texts, "TEXT")
LONG_TEXTS = Kind("long-texts", _by_language(ANY_LINES), Reader.long_texts, "TEXT")
PLAIN_TEXT = Kind("text", ONE_LINE, Reader.text)
QUOTED = Kind("long-text", ANY_LINES, Reader.long_text, "TEXT")
LINE = Kind("line", ONE_LINE, Reader.line, "LINE")
DAY = Kind("day", ONE_LINE, Reader.day, "DAY")
MOMENT = Kind("moment", ONE_LINE, Reader.moment, "DAY")
LEADS = Kind("leads", list_of(ONE_LINE), Reader.leads, "LENGTH")
STRINGS = Kind("strings", list_of(ONE_LINE), Reader.strings)
LANGUAGE_TAG = Kind("language", {"type": "string", "pattern": _LANGUAGE_KEY}, Reader.language_tag)
ZONE = Kind("zone", {"type": "string", "pattern": "^(UTC|[A-Za-z_]+/.+)$"}, Reader.zone)
CALENDAR = Kind("calendar", ONE_LINE, Reader.calendar)
COUNTING = Kind("counting", {"enum": list(COUNTINGS)}, Reader.counting)
CLOSED = Kind("days-closed", list_of(ONE_LINE), Reader.closed)
URL = Kind("url", _WEB, Reader.url, "URL")

_FIXED = 'when = "2027-03-31"'
_TERM = 'starts = "2027-01-01"\nlasts = "1 year"'

#: At the head of a file.
FILE = (
    Key("id", ONE_ID, 'id = "mill-street"'),
    Key("amends", ONE_ID, 'amends = "mill-street"'),
    Key("title", TEXTS, 'title = { en = "The office", ja = "事務所" }'),
    Key("language", LANGUAGE_TAG, 'language = "en"', default='"en"'),
    Key("timezone", ZONE, 'timezone = "Europe/London"', default='"UTC"'),
    Key("calendar", CALENDAR, 'calendar = "GB-ENG"'),
    Key("counting", COUNTING, 'calendar = "DE-BY"\ncounting = "de-bgb"'),
    Key("closed", CLOSED, 'calendar = "DE-BY"\nclosed = ["2026-12-29..2027-01-03", 2027-05-14]'),
    Key("announced", CLOSED, 'calendar = "MY"\nannounced = ["2026-03-21"]'),
    Key("reminders", LEADS, 'reminders = ["30 days", "7 days", "0 days"]'),
)
#: Of a source: `[sources.lease]`.
SOURCE = (
    Key("title", TEXTS, 'title = "Lease of 3 March 2026"'),
    Key("language", LANGUAGE_TAG, 'language = "en"'),
    Key("url", URL, 'url = "https://example.org/lease.pdf"'),
    Key("text", Kind("inner-file", ONE_LINE, Reader.inner_file), 'text = "lease.txt"'),
)
#: Of an event: `[[event]]`.
EVENT = (
    Key("id", ONE_ID, 'id = "notice"', required=True),
    Key("title", TEXTS, 'title = "Last day to give notice"', required=True),
    Key("when", LINE, 'when = "30 days after end of lease"'),
    Key("starts", LINE, 'starts = "2027-01-01"'),
    Key("ends", LINE, 'starts = "2027-01-01"\nends = "through 2028-12-31"'),
    Key("lasts", Kind("length", ONE_LINE, Reader.lasts, "LENGTH"), _TERM),
    Key(
        "renews",
        Kind("renewal", ONE_LINE, Reader.renews, "LENGTH"),
        f'{_TERM}\nrenews = "1 year, at most 3 times"',
    ),
    Key(
        "repeats",
        Kind("recurrence", ONE_LINE, Reader.repeats, "LENGTH"),
        f'{_FIXED}\nrepeats = "3 months, 8 in all"',
    ),
    Key(
        "during",
        Kind("event", ONE_LINE, Reader.during, "ID"),
        f'{_FIXED}\nrepeats = "1 month"\nduring = "lease"',
    ),
    Key(
        "roll",
        Kind("roll", {"enum": list(ROLLS)}, Reader.roll),
        f'{_FIXED}\ncalendar = "GB-ENG"\nroll = "next"',
        default='"none"',
    ),
    Key("calendar", CALENDAR, 'when = "5 business days after signed"\ncalendar = "DE-BY"'),
    Key(
        "counting", COUNTING, 'when = "30 days after signed"\ncalendar = "LU"\ncounting = "eu-1182"'
    ),
    Key(
        "occurred",
        Kind("moments", _by_occurrence(ONE_LINE), Reader.moments),
        f"{_FIXED}\noccurred = 2027-03-30",
    ),
    Key("started", MOMENT, f"{_TERM}\nstarted = 2027-01-02"),
    Key("ended", MOMENT, f"{_TERM}\nended = 2027-10-31"),
    Key(
        "withdrawn",
        Kind("days", _by_occurrence(ONE_LINE), Reader.days),
        f"{_FIXED}\nwithdrawn = 2026-11-02",
    ),
    Key("parties", STRINGS, f'{_FIXED}\nparties = ["Landlord", "Tenant"]', default="[]"),
    Key("tags", STRINGS, f'{_FIXED}\ntags = ["payment"]', default="[]"),
    Key("source", PLAIN_TEXT, f'{_FIXED}\nsource = "contract"'),
    Key("quote", QUOTED, f'{_FIXED}\nquote = "The report is due by 31 March 2027."'),
    Key("note", LONG_TEXTS, f'{_FIXED}\nnote = "Told by phone first."'),
    Key("url", URL, f'{_FIXED}\nurl = "https://example.org/report"'),
    Key("reminders", LEADS, f'{_FIXED}\nreminders = ["14 days", "3 days after"]'),
    Key(
        "was",
        Kind("ids", list_of(_ID), Reader.ids),
        f'{_FIXED}\nwas = ["annual-report"]',
        default="[]",
    ),
    Key(
        "imported",
        Kind("imported", _IMPORTED, read_imported),
        f'{_FIXED}\nimported = {{ from = "calendar.ics", id = "42", wrote = "when:5a957ade" }}',
    ),
)
#: What an amendment may say of an event: where it was imported from, none changes.
CHANGE = tuple(key for key in EVENT if key.name != "imported")
#: What is written where an event begins, and no amendment takes away.
IDENTITY = ("id", "title")
#: Of what parties agreed later: `[[amendment]]`.
AMENDMENT = (
    Key("id", ONE_ID, 'id = "second"', required=True),
    Key("on", DAY, "on = 2027-05-02", required=True),
    Key("source", PLAIN_TEXT, 'source = "contract"'),
    Key("title", TEXTS, 'title = "Second amendment"'),
    Key("note", LONG_TEXTS, 'note = "Signed by letter."'),
)
#: Of an event in an amendment, `[[amendment.event]]`, beside the keys of an event.
REMOVE = Key(
    "remove",
    Kind(
        "removable",
        list_of({"enum": [name for name in key_names(CHANGE) if name not in IDENTITY]}),
        Reader.strings,
        "KEY",
    ),
    'remove = ["reminders"]',
    default="[]",
)
