"""What is wrong with tracker.toml is quoted without what in it is secret."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.secret_marks import plain_mark, traces
from tracker.alerts.channel import BadAddress, ChannelSettings
from tracker.alerts.channels import open_channel
from tracker.clock import now
from tracker.config import read_config
from tracker.config.quoting import quotable
from tracker.config.recipients import Defaults
from tracker.files.excerpts import reports
from tracker.files.loading import read
from tracker.files.problems import FileErrors

_NAMES = (
    "base",
    "mail",
    "hook",
    "beat",
    "fail",
    "path",
    "query",
    "user",
    "slack",
    "word",
    "old",
    "fall",
)
SECRETS = {name: plain_mark(name) for name in _NAMES}
TO = (
    '"slack://{slack}/{slack}"',
    '"https://u:{user}@example.org/{path}?t={query}"',
    '"mailto:a@b.example"',
    '["curl", "-H", "Bearer {word}"]',
)
WHOLE = """\
# before: secret = "whsec_{old}"
database = "postgresql://tracker:{base}@db/tracker?sslpassword={query}"
[smtp]
url = "smtp://bob:{mail}@mail.example.org" # {old}
from = "tracker@example.org"
[webhook]
secret = "whsec_{hook}MfKQ9r8GKYqrTwjUPD"
[heartbeat]
url = "https://monitor.example.org/{beat}"
fail = "https://monitor.example.org/{fail}/fail"
[web]
url = "https://deadlines.example.org"
public = true
[[recipient]]
name = "legal"
to = [{to}]
at = "09:00"
[fallback]
to = "ntfys://:{fall}@ntfy.example.org/{fall}"
""".format(to=", ".join(TO), **SECRETS).format(**SECRETS)

#: What may be wrong with a line of a key and a value.
KINDS: dict[str, Callable[[str, str], str]] = {
    "no such key": lambda key, value: f"{key}s = {value}",
    "no quote at its end": lambda key, value: f"{key} = {value.rstrip(chr(34) + ']')}",
    "no quotes": lambda key, value: f"{key} = {value.replace(chr(34), '')}",
    "no equals sign": lambda key, value: f"{key} {value}",
    "twice": lambda key, value: f"{key} = {value}\n{key} = {value}",
    "a list": lambda key, value: f"{key} = [{value}]",
    "a list of lists": lambda key, value: f"{key} = [[[{value}]]]",
    "a table": lambda key, value: f"{key} = {{ {key} = {value}, token = {value} }}",
    "dotted": lambda key, value: f"{key}.value = {value}",
    "a number beside it": lambda key, value: f"{key} = [{value}, 7]",
    "many lines": lambda key, value: f'{key} = """\n{value[1:-1].replace(chr(34), "")}\n"""',
    "a control character": lambda key, value: re.sub(r'"(?=[\],]|$)', r'\\u0007"', f"{key} = {value}"),
    "another scheme": lambda key, value: re.sub(r'"[a-z]+(?=:)', '"nothing', f"{key} = {value}"),
    "no scheme": lambda key, value: re.sub(r'"[a-z]+:/*', '"', f"{key} = {value}"),
    "a scheme alone": lambda key, value: re.sub(r'"([a-z]+):/*', r'"\1:', f"{key} = {value}"),
    "a port that is none": lambda key, value: re.sub(r"(?<=[a-z])(?=[/\"?])", ":x", f"{key} = {value}"),
    "a bracket": lambda key, value: f"{key} = {value.replace('://', '://[')}",
    "a space within": lambda key, value: f"{key} = {value.replace('Kw3', ' Kw3')}",
    "as the name of a variable": lambda key, value: re.sub(r'"(?=[^"\],])', '"env:', f"{key} = {value}"),
    "an at sign": lambda key, value: f"{key} = {value.replace('Kw3', '@')}",
    "without any of its signs": lambda key, value: f"{key} = {re.sub(r'[:/?=]+', '', value)}",
    "a mailbox in front": lambda key, value: re.sub(r'"(?=[^"\],])', '"a@b.example ', f"{key} = {value}"),
    "a secret in its place": lambda key, _value: f'{key} = "{SECRETS["word"]}"',
    "an address in its place": lambda key, _value: f'{key} = "smtp://b:{SECRETS["mail"]}@m.example"',
}  # fmt: skip
_PAIR = re.compile(r"^([a-z]+) = ([^#\n]*[^#\s])", re.MULTILINE)


def what_is_said(tmp_path: Path, text: str) -> str:
    """All that is shown of what is wrong with it, in both languages; "" where nothing is."""
    file = tmp_path / "tracker.toml"
    file.write_text(text, encoding="utf-8")
    try:
        config = read_config(file, [], Defaults("UTC", "en"))
        for address in config.addresses.values():
            try:
                open_channel(address, ChannelSettings(config.delivery, now))
            except BadAddress as refused:
                raise config.address_errors(address, refused.diagnostic) from None
    except FileErrors as errors:
        said = [
            report
            for language in ("en", "ja")
            for report in reports(errors.problems, errors.texts, language)
        ]
        return "\n".join((*said, *errors.texts.values()))
    return ""


@pytest.mark.parametrize("kind", KINDS)
def test_no_fault_of_a_setting_shows_a_secret_of_any(kind: str, tmp_path: Path) -> None:
    said = []
    for pair in _PAIR.finditer(WHOLE):
        broken = WHOLE[: pair.start()] + KINDS[kind](pair[1], pair[2]) + WHOLE[pair.end() :]
        said.append(what_is_said(tmp_path, broken))

        assert traces(said[-1], SECRETS.values()) == [], broken
    assert any(said)


@pytest.mark.parametrize("password", ["hunter@home-pass", "tr0ub4dor@3", "p@ss.example"])
@pytest.mark.parametrize(
    "before",
    [
        "[webhook]\nsecret",
        "database",
        "[smtp]\nfrom = 'a@b.example'\nurl",
        "[smtp]\npassword",
        "[heartbeat]\nurl",
        "[heartbeat]\nurl = 'https://m.example'\nfail",
        "[web]\nurl",
        "secret",
        "[[recipient]]\nname = 'legal'\npassword",
        "[[recipient]]\nname.token",
        "[[recipient]]\nname = 'legal'\nwhere.token",
    ],
)
def test_a_password_with_an_at_sign_is_no_mailbox_but_where_mailboxes_stand(
    before: str, password: str, tmp_path: Path
) -> None:
    said = what_is_said(tmp_path, f'{before} = "{password}"\n')

    assert "tracker.toml:" in said
    assert password not in said


#: What is no secret, by its line, and what is shown of it.
SHOWN = {
    'proxies = ["10.1.2.3/8"]': ('["10.1.2.3/8"]', "write  10.0.0.0/8"),
    'connections = "500"': ('"500"',),
    'patience = "15"': ('"15"',),
    'page_time = "10s"': ('"10s"',),
    'url = "HTTPS://Deadlines.Example.org"': ('write  url = "https://Deadlines.Example.org"',),
    'timezone = "America/Argentina/Buenos_Aires2"': (
        "`America/Argentina/Buenos_Aires2` is",
        'write  timezone = "America/Argentina/Buenos_Aires"',
    ),
    'was = "Lease2027AnnexB"': ('"Lease2027AnnexB"',),
    'to = "discord:/abc/def"': ("`discord://` is no service", '"discord:/*******"'),
    'to = "mailto:Anna Müller <a@b.example>"': ('"mailto:Anna Müller <a@b.example>"',),
    'to = ["mailto:a@b.example, mailto:c@d.example"]': ("a@b.example, mailto:c@d.example",),
    'to = "anna.mueller2027@Example.org"': ('write  to = "mailto:anna.mueller2027@Example.org"',),
}


@pytest.mark.parametrize("line", SHOWN)
def test_what_holds_no_secret_is_shown_and_offered_as_it_was_written(
    line: str, tmp_path: Path
) -> None:
    is_of_web = line.split(maxsplit=1)[0] in (
        "proxies",
        "connections",
        "patience",
        "page_time",
        "url",
    )
    table = "[web]\n" if is_of_web else '[[recipient]]\nname = "legal"\n'
    said = what_is_said(tmp_path, f"{table}{line}\n")

    for part in SHOWN[line]:
        assert part in said


@pytest.mark.parametrize(
    "lines",
    [
        '[webhook]\nsecret = "whsec_MfKQ9r8GKYqrTwjUPDILPZIo2LaLaSwx"\n[fallback]\nto = "HTTPS://A.Example/b"',
        '[heartbeat]\nurl = "HTTPS://Monitor.Example.org/abc"',
    ],
)
def test_a_scheme_in_capitals_is_the_same_scheme(lines: str, tmp_path: Path) -> None:
    assert what_is_said(tmp_path, lines) == ""


@pytest.mark.parametrize("value", ["TABL;Rent007", "text;12345678", "TEXT-list-0001-table"])
@pytest.mark.parametrize("key", ["where", "to", "quiet", "was", "reminders", "changes"])
def test_what_is_wrong_is_said_whatever_words_the_value_shares_with_it(
    key: str, value: str, tmp_path: Path
) -> None:
    text = f'[[recipient]]\nname = "legal"\n{key} = "{value}"\n'

    said = what_is_said(tmp_path, text)

    assert "tracker.toml:3:" in said


def test_a_variable_that_holds_nonsense_is_named_and_not_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTS", f"{plain_mark('user')}@example.org")
    monkeypatch.setenv("SMTP", f"mail://bob:{plain_mark('mail')}@example.org")
    monkeypatch.setenv("SECRET", plain_mark("hook"))
    monkeypatch.setenv("LEDGER", plain_mark("base"))
    said = what_is_said(
        tmp_path,
        'database = "env:LEDGER"\n[smtp]\nurl = "env:SMTP"\nfrom = "a@b.example"\n'
        '[webhook]\nsecret = "env:SECRET"\n[[recipient]]\nname = "legal"\nto = "env:ALERTS"\n',
    )

    assert traces(said, [plain_mark(name) for name in ("user", "mail", "hook", "base")]) == []
    for name in ("ALERTS", "SMTP", "SECRET", "LEDGER"):
        assert f'"env:{name}"' in said


def test_what_is_no_secret_is_shown_in_its_place(tmp_path: Path) -> None:
    text = WHOLE.replace('"mailto:a@b.example"', '"a@b.example"').replace('"09:00"', '"9" # nine')
    said = what_is_said(tmp_path, text)

    assert '"https://**' in said
    assert '"slack://**' in said
    assert '"a@b.example"' in said
    assert '["curl", "**", "**' in said
    assert "write  mailto:a@b.example" in said
    assert 'at = "9"' in said


@pytest.mark.parametrize("text", [WHOLE, WHOLE.replace("\n", "\r\n"), WHOLE + 'to = "'])
def test_what_is_quoted_keeps_its_lines_and_columns(text: str) -> None:
    import tomllib

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        data = {}
    shown = quotable(text, data)

    assert list(map(len, shown.splitlines())) == list(map(len, text.splitlines()))
    assert traces(shown, SECRETS.values()) == []


@pytest.mark.parametrize("kind", ["a list", "no quote at its end", "no such key"])
def test_settings_taken_for_an_events_file_are_named_and_not_quoted(
    tmp_path: Path, kind: str
) -> None:
    for pair in _PAIR.finditer(WHOLE):
        broken = WHOLE[: pair.start()] + KINDS[kind](pair[1], pair[2]) + WHOLE[pair.end() :]

        with pytest.raises(FileErrors) as refused:
            read(["tracker.toml"], [broken.encode()])

        (said,) = reports(refused.value.problems, refused.value.texts, "en")
        assert said.startswith("tracker.toml: this is no events file but settings")
        assert "\n" not in said


NOTE = 'note = """\nThe IT annex says:\n[web]\n[smtp]\ndatabase = "the shared one"\n"""\n'


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (f'timezon = "Europe/Berlin"\n[[event]]\nid = "a"\ntitle = "A"\n{NOTE}', ":2:1: "),
        (f'[[event]]\nid = "a"\ntitle = "A"\n{NOTE}when = \n', ":11:8: "),
        (
            '[[event]]\nid = "a"\ntitle = "A"\nwhen = 2030-01-01\n[web]\nurl = "https://x.example"\n',
            ":6:2: ",
        ),
    ],
)
def test_an_events_file_is_told_its_own_fault_whatever_its_notes_say(
    lines: str, place: str
) -> None:
    with pytest.raises(FileErrors) as refused:
        read(["events.toml"], [f'id = "lease"\n{lines}'.encode()])

    (said, *_) = reports(refused.value.problems, refused.value.texts, "en")
    assert said.startswith(f"events.toml{place}"), said
