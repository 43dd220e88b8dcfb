"""An address of the web as it may be written: what is none is refused where it stands, not when it
is asked for. Events, sources, the page, monitors and webhooks: all of them are read here.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from urllib.parse import quote, urlsplit

from tracker.dates.diagnostics import Diagnostic, Suggestion

_BEGINNING = re.compile(r"https?://[^/?#]*")
#: What browsers read in one way and programs in another, or what ends an address in a text.
_ODD = frozenset('\\<>"^`')
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\[\]]*\](:[^\[\]]*)?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)


def fault_in_link(text: str) -> Diagnostic | None:
    """What is wrong with an address that should begin with http:// or https://; None: nothing.

    >>> fault_in_link("https://user:secret@[2001:db8::1]:8443/a?b={reason}#c")
    >>> [fault_in_link(text).case for text in ("http://[::1", "http://a:99999", "https://exa mple")]
    ['bad-ip-address', 'bad-port', 'bad-url-character']
    """
    beginning = _BEGINNING.match(text)
    if beginning is None:
        lower = with_small_scheme(text)
        offered = (Suggestion(lower),) if lower != text and fault_in_link(lower) is None else ()
        return Diagnostic("bad-url", (0, len(text)), (), offered)
    for at, character in enumerate(text):
        if _is_odd(character):
            return _odd_character(text, at, beginning.end())
    try:
        parts = urlsplit(text)
        host, place = parts.hostname or "", parts.netloc.rpartition("@")[2]
    except ValueError:
        return Diagnostic("bad-ip-address", beginning.span())
    if re.search(r"[\[\]]", place) and not (_BRACKETS.fullmatch(place) and _is_ip(host)):
        return Diagnostic("bad-ip-address", beginning.span())
    try:
        is_port = parts.port is None or parts.port > 0
    except ValueError:
        is_port = False
    if not is_port:
        return Diagnostic("bad-port", beginning.span())
    case = fault_in_host(host)
    return None if case is None else Diagnostic(case, beginning.span())


def with_small_scheme(text: str) -> str:
    """The same address, its scheme in small letters, as everybody writes it (RFC 3986, 3.1).

    >>> with_small_scheme("HTTPS://Example.org/A")
    'https://Example.org/A'
    """
    scheme, colon, rest = text.partition(":")
    return f"{scheme.lower()}{colon}{rest}"


def fault_in_host(host: str) -> str | None:
    """What is wrong with the name of a host, or with its IP address; None: nothing.

    >>> [fault_in_host(name) for name in ("例え.jp", "db_1", "::1", "127.0.0.1", "localhost.")]
    [None, None, None, None, None]
    >>> fault_in_host("a..b"), fault_in_host("::12345"), fault_in_host("999.1.1.1")
    ('bad-host', 'bad-ip-address', 'bad-ip-address')
    """
    if ":" in host:
        return None if _is_ip(host) else "bad-ip-address"
    labels = host.removesuffix(".").split(".")
    if _NUMBER.fullmatch(labels[-1]):  # what is no name is read as an IP address, by some as 0x7f.1
        return None if _is_ip(host) else "bad-ip-address"
    if not host.isascii():
        import idna  # as httpx reads it; few hosts have such a name

        try:
            labels = idna.encode(host.lower().removesuffix(".")).decode("ascii").split(".")
        except (idna.IDNAError, UnicodeError):
            return "bad-host"
    is_short = sum(len(label) + 1 for label in labels) <= 254  # RFC 1035, section 2.3.4
    return None if is_short and all(map(_LABEL.fullmatch, labels)) else "bad-host"


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_odd(character: str) -> bool:
    if character.isascii():
        return character in _ODD or not character.isprintable() or character == " "
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Zs")


def _odd_character(text: str, at: int, host_ends: int) -> Diagnostic:
    """What is to be written for it: behind the host there is a way."""
    code = (("code", f"U+{ord(text[at]):04X}"),)
    offered: tuple[Suggestion, ...] = ()
    if at >= host_ends:
        whole = "".join(quote(sign, errors="replace") if _is_odd(sign) else sign for sign in text)
        offered = (Suggestion(whole),) if fault_in_link(whole) is None else ()
    return Diagnostic("bad-url-character", (at, at + 1), code, offered)
