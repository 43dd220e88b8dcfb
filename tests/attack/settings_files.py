"""Hostile settings: every key of tracker.toml with odd values, and files turned round.

They are refused with a place and a reason, in which no secret stands, or each address is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.attack import drawing
from tests.attack.drawing import odd_text, odd_value, quoted, turned
from tests.attack.kind import TEXT, Desk, Fault, Kind
from tests.attack.outputs import check_refusal
from tests.attack.shells import strangers_machine
from tracker import clock
from tracker.alerts.channel import BadAddress, ChannelSettings
from tracker.alerts.channels import open_channel
from tracker.config import read_config
from tracker.config.recipients import Defaults
from tracker.files.excerpts import reports
from tracker.files.problems import FileErrors
from tracker.i18n.translate import LANGUAGES

#: Whole, it stands in no sentence: what is cut out of it by chance opens nothing.
SECRET = "geheim-MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
_URLS = (
    f"https://{SECRET}@hooks.example/x", f"https://hooks.example/{SECRET}", "http://[::1", "https://x:99999/",
    "https://", "http://\u202e/", "https://xn--\udcff", f"slack://{SECRET}/token-b/c", f"ntfy://{SECRET}@ntfy.example/t",
    f"tgram://{SECRET}/1", f"mailto:{SECRET}@example.org", "mailto:a@b", "mailto:%00@x", "mailto:", "terminal",
    "file:///etc/passwd", "javascript:alert(1)", f"smtp://u:{SECRET}@mail.example:25", "smtp://[::1", "smtps://m:0",
    "smtp://m:99999999999", f"postgresql://t:{SECRET}@db/x", "env:NOTHING", "env:", "env:HOME", "https://a b/",
    "http://127.0.0.1:1/", "nope://x", "://", ":", "https://x/?a={reason}", f"discord://{SECRET}/{SECRET}",
    f"json://u:{SECRET}@x", f"msteams://{SECRET}@a/b/c", "windows://", "dbus://", "https://💥.example/", "http://１.example",
)  # fmt: skip
_TIMES = ("09:00", "24:00", "9", "00:00-24:00", "20:00-08:00", "22:00-22:00", "99:99", "-", "９:00")
_DIGESTS = (
    "daily",
    "weekly on monday",
    "monthly on the 31st",
    "monthly on 0",
    "hourly",
    "weekly on 2",
)
_TABLES: dict[str, dict[str, tuple[str, ...]]] = {
    "": {"database": _URLS},
    "smtp": {"url": _URLS, "from": ("t@example.org", "A <t@example.org>", "<>", '"\\" <a@b>', "t@[::1]", f"{SECRET}")},
    "webhook": {"secret": (f"whsec_{SECRET}", "short", "whsec_", f"env:{SECRET}")},
    "heartbeat": {"url": _URLS, "fail": _URLS},
    "health": {"fail_after": ("1 hour", "never", "0 days", "9999 days", "1e9 hours")},
    "web": {"url": _URLS, "public": ("yes",), "proxies": ("10.0.0.0/8", "::1", "x"), "nope": ("x",)},
    "fallback": {"to": _URLS},
}  # fmt: skip
_OF_RECIPIENTS = {
    "name": ("legal", "fallback", "terminal", "", "a" * 3000), "to": _URLS, "timezone": drawing.ZONES, "at": _TIMES,
    "language": ("en", "ja", "xx"), "reminders": ("1 day", "99999999 days"), "changes": ("moved", "x"),
    "digest": _DIGESTS, "quiet": _TIMES, "where": ("x",), "was": ("legal", "x"),
}  # fmt: skip


def draw_settings(chance: Random) -> bytes:
    """The text of a tracker.toml."""
    parts = [_table(chance, "", _TABLES[""])] if chance.random() < 0.3 else []
    names = chance.sample(tuple(_TABLES)[1:], chance.choice((0, 1, 2, 6)))
    parts += [f"[{name}]\n" + _table(chance, name, _TABLES[name]) for name in names]
    parts += [
        f'[[recipient]]\nname = "r{number}"\n' + _table(chance, "recipient", _OF_RECIPIENTS)
        for number in range(chance.choice((0, 1, 2, 3, 40)))
    ]
    text = "".join(parts).encode("utf-8", "replace")
    return turned(chance, text) if chance.random() < 0.3 else text


def _table(chance: Random, name: str, keys: dict[str, tuple[str, ...]]) -> str:
    chosen = [key for key in keys if chance.random() < (0.3 if name == "recipient" else 0.8)]
    return "".join(f"{key} = {_value(chance, keys[key])}\n" for key in chosen if key != "name")


def _value(chance: Random, usual: tuple[str, ...]) -> str:
    match chance.randrange(12):
        case 0:
            return odd_value(chance)
        case 1:
            return quoted(odd_text(chance, controls=True))
        case 2:
            return (
                "["
                + ", ".join(quoted(chance.choice(usual)) for _ in range(chance.choice((1, 2, 50))))
                + "]"
            )
        case 3:
            return f"[[{quoted(chance.choice(usual))}, {quoted(odd_text(chance))}]]"
        case 4:
            return "{ tags = [" + quoted(odd_text(chance)) + '], status = ["stands"] }'
        case _:
            return quoted(chance.choice(usual))


class _Settings:
    def __init__(self, folder: Path) -> None:
        self._file = folder / "tracker.toml"
        self._events = [folder / "events.toml"]

    def attempt(self, case: bytes) -> None:
        self._file.write_bytes(case)
        try:
            config = read_config(None, self._events, Defaults("UTC", "en"))
            settings = ChannelSettings(config.delivery, clock.now)
            for address in config.addresses.values():
                try:
                    open_channel(address, settings).close()
                except BadAddress as error:
                    raise config.address_errors(address, error.diagnostic) from None
        except FileErrors as errors:
            check_refusal(errors)
            _check_secrets(errors)


def _check_secrets(errors: FileErrors) -> None:
    """The line of a fault may be shown; what is secret in it never is."""
    for language in LANGUAGES:
        for text in reports(errors.problems, errors.texts, language):
            if SECRET in text:
                raise Fault(f"a secret is printed: {text.splitlines()[0]}")


@contextmanager
def _desk(folder: Path) -> Iterator[Desk]:
    with strangers_machine(folder / "home"):
        yield Desk(_Settings(folder).attempt)


SETTINGS = Kind("settings", draw_settings, _desk, TEXT)
