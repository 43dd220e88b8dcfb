"""Where alerts go: the addresses of `to`, and the names that the ledger knows them by.

An address can hold a token, which stands in no list, no log and no database: so what is long or
secret in it is replaced by a digest.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.files.links import fault_in_link, with_small_scheme
from tracker.files.problems import KeyPath

TERMINAL = "terminal"
SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,40}):.", re.IGNORECASE)
#: Neither control characters nor bytes that are no text, which no server and no ledger takes, nor
#: signs that nobody sees: no mailbox has them, and who pasted one cannot find it.
_UNSEEN = r"\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffd"
_NO_TEXT = rf"\x00-\x1f\x7f-\x9f\ud800-\udfff{_UNSEEN}"
MAILBOX = re.compile(
    rf"[^\s{_NO_TEXT}@<>,;:\"\\()\[\]]{{1,64}}@[^\s{_NO_TEXT}@<>,;:?&/\"\\()\[\]]{{1,253}}"
)
#: Of a program's name, so much is in the name of its address.
_MOST_OF_PROGRAM = 100


class Address(NamedTuple):
    """One place to which a recipient's alerts go."""

    name: str  #: by which the ledger knows it, without anything secret
    scheme: str  #: "terminal", "mailto", "https", "ntfy"…; "command" for a list of arguments
    text: str  #: as it was written, with its secrets; of a command ""
    arguments: tuple[str, ...] = ()  #: of a command
    path: KeyPath = ()  #: where it stands in tracker.toml

    @property
    def mailbox(self) -> str:
        """Of a mailto address, the mailbox."""
        return with_ascii_domain(unquote(self.text.partition(":")[2]))


#: Without tracker.toml.
THE_TERMINAL = Address(TERMINAL, TERMINAL, "")


def read_address(text: str, path: KeyPath, variable: str | None = None) -> Address | Diagnostic:
    """The address that a text states, or what is wrong with it.

    `variable` is the environment's, where it was read from there.

    >>> read_address("mailto:legal@example.org", ()).name
    'mailto:legal@example.org'
    >>> read_address("slack://token-a/token-b", ()).name
    'slack:5722c4e5'
    """
    if text == TERMINAL:
        return Address(TERMINAL, TERMINAL, "", (), path)
    match = SCHEME.match(text)
    if match is None:
        suggestions = (Suggestion(f"mailto:{text}"),) if MAILBOX.fullmatch(text) else ()
        return Diagnostic("bad-address", (0, 0), (), suggestions)
    scheme = match[1].lower()
    is_link = scheme in ("http", "https")
    if is_link and (fault := fault_in_link(with_small_scheme(text))) is not None:
        return fault
    address = Address(_name(scheme, text, variable), scheme, text, (), path)
    if scheme == "mailto" and not MAILBOX.fullmatch(address.mailbox):
        return Diagnostic("bad-mailbox", (0, len(text)))
    return address


def with_ascii_domain(mailbox: str) -> str:
    """The mailbox, its domain in the letters that every mail server takes (RFC 5891, section 4.4).

    >>> with_ascii_domain("legal@müller.example"), with_ascii_domain("jürgen@例え.テスト")
    ('legal@xn--mller-kva.example', 'jürgen@xn--r8jz45g.xn--zckzah')
    """
    name, _, domain = mailbox.rpartition("@")
    if domain.isascii():
        return mailbox
    import idna  # few domains have other letters

    try:
        return f"{name}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except (idna.IDNAError, UnicodeError):  # as it is, for a server that takes it so (RFC 6531)
        return mailbox


def command_address(arguments: tuple[str, ...], path: KeyPath) -> Address:
    """The address of a command.

    >>> command_address(("/usr/bin/notify-send", "tracker"), ()).name
    'command:notify-send:cc63ad47'
    """
    program = re.split(r"[/\\]", arguments[0])[-1][:_MOST_OF_PROGRAM]
    name = f"command:{program}:{_digest(chr(0).join(arguments))}"
    return Address(name, "command", "", arguments, path)


def _name(scheme: str, text: str, variable: str | None) -> str:
    if scheme == "mailto":
        return f"mailto:{unquote(text.partition(':')[2])}"
    if variable is not None:  # a token that is changed there leaves the ledger as it is
        return f"{scheme}:{variable}"
    if scheme in ("http", "https"):
        return f"{scheme}://{urlsplit(text).hostname}:{_digest(text)}"
    return f"{scheme}:{_digest(text)}"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]
