"""What sending needs: the mail server, and what webhooks are signed with."""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from tracker.config.addresses import MAILBOX, with_ascii_domain
from tracker.config.keys import keys_of
from tracker.config.variables import from_environment
from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.files.links import fault_in_host
from tracker.files.values import Reader

#: The port where mail is submitted, by scheme: RFC 6409, section 3.1, and RFC 8314, section 3.3.
_PORTS = {"smtp": 587, "smtps": 465}
#: Before a mailbox, what mail programs show in its place (RFC 5322, section 3.4): in quotes or not.
_NAMED_MAILBOX = re.compile(r"\s*(?P<name>[^<>]*?)\s*<(?P<mailbox>[^<>]*)>\s*")
#: A quoted name, and what is quoted in it again.
_QUOTED, _ESCAPED = re.compile(r'"(?:[^"\\]|\\.)*"'), re.compile(r"\\(.)")


class MailServer(NamedTuple):
    """Who takes our mail."""

    host: str
    port: int
    implicit: bool  #: TLS from the first byte (smtps), else STARTTLS
    user: str | None
    password: str | None
    sender: str
    sender_name: str = "tracker"  #: what mail programs show in place of the sender's mailbox

    @property
    def is_near(self) -> bool:
        """Whether it is on this machine, where nobody listens on the way."""
        return self.host in ("localhost", "127.0.0.1", "::1")


class DeliverySettings(NamedTuple):
    """All of it."""

    mail: MailServer | None = None
    secret: str | None = None  #: of webhooks


def read_delivery_settings(data: dict[str, Any], reader: Reader, sends: bool) -> DeliverySettings:
    """What those tables say; what is missing in the environment matters only to who sends."""
    mail = _mail(reader.table(data["smtp"], ("smtp",)), reader, sends) if "smtp" in data else None
    webhook = reader.table(data.get("webhook", {}), ("webhook",))
    reader.keys(webhook, ("webhook",), keys_of("webhook"))
    secret = None
    if "secret" in webhook:
        secret, _ = from_environment(webhook["secret"], ("webhook", "secret"), reader, sends)
        if secret is not None and len(secret.removeprefix("whsec_")) < 24:
            reader.report(Diagnostic("short-secret"), ("webhook", "secret"))
    return DeliverySettings(mail, secret)


def _mail(table: dict[str, Any], reader: Reader, sends: bool) -> MailServer | None:
    reader.keys(table, ("smtp",), keys_of("smtp"))
    for key in keys_of("smtp"):
        if key not in table:
            reader.report(Diagnostic("missing-key", values=(("key", key),)), ("smtp",))
            return None
    url, _ = from_environment(table["url"], ("smtp", "url"), reader, sends)
    text = reader.text(table["from"], ("smtp", "from"))
    if text is None:
        return None
    name, sender = split_sender(text)
    if not MAILBOX.fullmatch(sender):
        reader.report(_sender_diagnostic(text), ("smtp", "from"))
        return None
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        parts, port = urlsplit(""), 0
    if fault_in_host(parts.hostname or "") or parts.path.strip("/") or parts.query:
        reader.report(Diagnostic("bad-smtp-url"), ("smtp", "url"))
        return None
    user, password = parts.username, parts.password
    return MailServer(
        parts.hostname or "",
        port,
        parts.scheme == "smtps",
        None if user is None else unquote(user),
        None if password is None else unquote(password),
        with_ascii_domain(sender),
        **({"sender_name": name} if name else {}),
    )


def _sender_diagnostic(text: str) -> Diagnostic:
    """What is wrong with a sender, with what to write where one mailbox stands in it."""
    within = MAILBOX.findall(text)
    name = " ".join(re.sub(r"[<>]", " ", text.replace(within[0], " ")).split()) if within else ""
    suggestions = (Suggestion(f"{name} <{within[0]}>".strip()),) if len(within) == 1 else ()
    return Diagnostic("bad-mailbox", (0, len(text)), (), suggestions)


def split_sender(text: str) -> tuple[str, str]:
    """The name that mail programs show, "" where there is none, and the mailbox.

    >>> split_sender("Deadlines, Legal <tracker@example.org>")
    ('Deadlines, Legal', 'tracker@example.org')
    >>> split_sender("tracker@example.org")
    ('', 'tracker@example.org')
    """
    match = _NAMED_MAILBOX.fullmatch(text)
    if match is None:
        return "", text
    name = match["name"]
    if _QUOTED.fullmatch(name):
        name = _ESCAPED.sub(r"\1", name[1:-1])
    return name.strip(), match["mailbox"]
