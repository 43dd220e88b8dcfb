"""Every key of tracker.toml, a row each; the sentences `key.TABLE.NAME` say what each means."""

from __future__ import annotations

from typing import NamedTuple, get_args

from tracker.files.key_model import ONE_LINE, Key, Kind, Shape, either, key_names, list_of
from tracker.files.keys import LEADS, STRINGS, URL, ZONE
from tracker.i18n.translate import LANGUAGES
from tracker.reminders.changes import KINDS
from tracker.timeline.points import State, Status


class Table(NamedTuple):
    """A table of tracker.toml; "" is the head of the file."""

    name: str
    keys: tuple[Key, ...]
    is_many: bool = False  #: whether there may be several: `[[recipient]]`


def _some_of(names: tuple[str, ...]) -> Shape:
    """One of the names, or a list of them."""
    shape = {"enum": list(names)}
    return either(shape, list_of(shape))


_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-9.]+)?"
SECRET = Kind("secret", ONE_LINE)
ADDRESSES = Kind(
    "addresses", either(ONE_LINE, {**list_of(either(ONE_LINE, list_of(ONE_LINE))), "minItems": 1})
)
_TEXTS = either(ONE_LINE, list_of(ONE_LINE))
_SECONDS = Kind(
    "seconds", {"type": "string", "pattern": "^ *[0-9]{1,4} ([Ss]econd|[Mm]inute)s? *$"}
)
_WEB_ADDRESS = Kind(
    "address", {"type": "string", "pattern": "^(env:.+|[Hh][Tt][Tt][Pp][Ss]?://[^/].*)$"}
)
_SMTP = 'url = "env:SMTP_URL"\n'
_NAMED = 'name = "legal"\n'

WHERE = (
    Key("tags", Kind("some-texts", _TEXTS), 'tags = ["payment"]'),
    Key("parties", Kind("some-texts", _TEXTS), 'parties = "Tenant"'),
    Key("ids", Kind("some-texts", _TEXTS), 'ids = ["rent"]'),
    Key("status", Kind("some-names", _some_of(get_args(Status))), 'status = ["may-move"]'),
    Key("state", Kind("some-names", _some_of(get_args(State))), 'state = "in force"'),
)
RECIPIENT = (
    Key("name", Kind("name", {**ONE_LINE, "maxLength": 100}), _NAMED.strip(), required=True),
    Key(
        "to",
        ADDRESSES,
        f'{_NAMED}to = ["terminal", ["notify-send", "tracker"]]',
        default='"terminal"',
    ),
    Key("timezone", ZONE, f'{_NAMED}timezone = "Europe/Berlin"'),
    Key(
        "at",
        Kind("clock", {"type": "string", "pattern": f"^{_CLOCK}$"}),
        f'{_NAMED}at = "08:30"',
        default='"09:00"',
    ),
    Key(
        "language",
        Kind("language", {"type": "string", "pattern": f"^({'|'.join(LANGUAGES)})"}),
        f'{_NAMED}language = "ja"',
    ),
    Key(
        "reminders", LEADS, f'{_NAMED}reminders = ["90 days", "0 days", "2 hours", "3 days after"]'
    ),
    Key(
        "changes",
        Kind("changes", either({"type": "boolean"}, _some_of(tuple(KINDS)))),
        f'{_NAMED}changes = ["moved", "withdrawn"]',
        default="true",
    ),
    Key(
        "digest",
        Kind("digest", {"type": "string", "pattern": "^ *([Dd]aily|[Ww]eekly|[Mm]onthly)"}),
        f'{_NAMED}digest = "weekly on monday"',
    ),
    Key("quiet", Kind("quiet", ONE_LINE), f'{_NAMED}quiet = "20:00-08:00"'),
    Key(
        "where",
        Kind("where", {"$ref": "#/$defs/where"}),
        f'{_NAMED}where = {{ tags = ["payment"] }}',
    ),
    Key("was", STRINGS, f'{_NAMED}was = ["lawyers"]', default="[]"),
)
_FALLBACK_TO = Key("to", ADDRESSES, 'to = "terminal"', required=True)
TABLES = (
    Table("", (Key("database", SECRET, 'database = "sqlite:////var/lib/tracker/ledger.sqlite3"'),)),
    Table(
        "smtp",
        (
            Key("url", SECRET, _SMTP.strip(), required=True),
            Key(
                "from",
                Kind("sender", ONE_LINE),
                f'{_SMTP}from = "Deadlines <tracker@example.org>"',
                required=True,
            ),
        ),
    ),
    Table("webhook", (Key("secret", SECRET, 'secret = "env:WEBHOOK_SECRET"'),)),
    Table(
        "heartbeat",
        (
            Key("url", _WEB_ADDRESS, 'url = "env:HEARTBEAT_URL"'),
            Key("fail", _WEB_ADDRESS, 'url = "env:HEARTBEAT_URL"\nfail = "env:HEARTBEAT_FAIL_URL"'),
        ),
    ),
    Table(
        "health",
        (
            Key(
                "fail_after",
                Kind(
                    "outage",
                    either(
                        {"enum": ["never", False]},
                        {
                            "type": "string",
                            "pattern": "^ *[0-9]{1,4} ([Mm]inute|[Hh]our|[Dd]ay)s? *$",
                        },
                    ),
                ),
                'fail_after = "30 minutes"',
                default='"1 hour"',
            ),
        ),
    ),
    Table(
        "web",
        (
            Key("url", URL, 'url = "https://deadlines.example.org"'),
            Key("public", Kind("yes-or-no", {"type": "boolean"}), "public = true"),
            Key(
                "proxies",
                Kind("networks", list_of(ONE_LINE)),
                'proxies = ["127.0.0.1", "10.0.0.0/8"]',
                default="[]",
            ),
            Key(
                "connections",
                Kind("number", {"type": "integer", "minimum": 16, "maximum": 100_000}),
                "connections = 200",
                default="500",
            ),
            Key("patience", _SECONDS, 'patience = "30 seconds"', default='"15 seconds"'),
            Key("page_time", _SECONDS, 'page_time = "20 seconds"', default='"10 seconds"'),
            Key(
                "commit",
                Kind("yes-or-no", {"type": "boolean"}),
                "commit = true",
                default="false",
            ),
        ),
    ),
    Table("recipient", RECIPIENT, is_many=True),
    Table("fallback", (_FALLBACK_TO,)),
)
_BY_NAME = {table.name: key_names(table.keys) for table in TABLES}
#: What may stand at the head of the file.
TOP_KEYS = (*_BY_NAME[""], *(name for name in _BY_NAME if name))
WHERE_KEYS = key_names(WHERE)


def keys_of(table: str) -> tuple[str, ...]:
    """The names of a table's keys.

    >>> keys_of("smtp")
    ('url', 'from')
    """
    return _BY_NAME[table]
