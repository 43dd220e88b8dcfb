"""What others say, without the secrets that they repeat.

A server that refuses us often repeats what it was sent: the token in the address, the password of a
login, a header in base64. Its words go into the log, the ledger, onto pages and into messages to
others. So each secret is looked for in every way in which it may be written, and cut off too.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote, unquote, urlsplit

#: Runs of base64 that are as long are looked for in what was sent, also where they are cut off.
_RUN = re.compile(r"[A-Za-z0-9+/_-]{6,}={0,2}")
#: A secret that is shorter is looked for as a word of its own: "a" would leave no word whole.
_SHORT = 6
#: A word of so many letters, with a digit, is a token, and known by its beginning alone.
_TOKEN = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z]).{12,}", re.DOTALL)
_BEGINNING = 8
#: Where a text is cut off.
_CUT = r"(?=\.\.|…)"
#: A key of an address's query, before its value.
_QUERY_KEY = re.compile(r"([?&])[^?&=#]*=")
#: How the path of a file begins, which a program names where it cannot read it.
_PATH = re.compile(r"[~.]{0,2}/")
#: What stands in the paths of many addresses.
_NO_SECRETS = frozenset({"hook", "hooks", "webhook", "webhooks", "services", "incoming", "notify"})
#: Of an address in a text that is not ours, all behind its scheme; and what is called a secret.
_ADDRESS = re.compile(r"\b([a-z][a-z0-9+.-]{1,20}://)[^\s\"'<>]+", re.IGNORECASE)
_NAMED = re.compile(
    r"\b((?:ssl)?password|passwd|passphrase|secret|token|authorization|api[_-]?key|bearer|basic)"
    r"([\"']?\s*[:=]\s*|\s+)([\"']?)(?:(?:bearer|basic)\s+)?(?=\S*[0-9])[^\s\"',;&)]{6,}",
    re.IGNORECASE,
)
_HIDDEN = "…"
_Hide = Callable[[str], str]


def looks_like_token(text: str) -> bool:
    """Whether a text is nothing that people write: long, of letters and digits.

    >>> looks_like_token("Xa7bQ9k2Zp41"), looks_like_token("verify-full")
    (True, False)
    """
    return _TOKEN.fullmatch(text) is not None


def without_credentials(text: str) -> str:
    """What an exception or a library says, of which nobody knows what it repeats.

    >>> without_credentials("no scheme in https://bob:s3cr3t@example.org/T0/B1?x: 404")
    'no scheme in https://… 404'
    >>> without_credentials(
    ...     "unknown option password='s3cr3t-word' of Authorization: Basic Ym9iOm1l"
    ... )
    "unknown option password='…' of Authorization: …"
    """
    return _NAMED.sub(rf"\1\2\3{_HIDDEN}", _ADDRESS.sub(rf"\1{_HIDDEN}", text))


def hider(secrets: Iterable[str], parts: Iterable[str] = (), sent: Iterable[bytes] = ()) -> _Hide:
    """Leaves secrets out of a text, however they are written in it.

    `parts` may be secret, and are looked for as words of their own; `sent` is what a login sends.

    >>> hide = hider(["s3cr3t%word"], sent=[b"bob:s3cr3t%word"])
    >>> hide("no bob with s3cr3t%word, s3cr3t%25word, Ym9iOnMzY3IzdCV3b3Jk, Ym9iOnMzY3Iz...")
    'no bob with …, …, …, …...'
    """
    whole = {secret for secret in secrets if secret}
    words = {part for part in parts if part} - whole
    tokens = {word for word in whole | words if looks_like_token(word)}
    blobs = {blob for content in sent for blob in _in_base64(content)}
    blobs |= {blob for token in tokens | whole for blob in _in_base64(token.encode())}
    patterns = [
        _pattern(form for secret in whole | tokens for form in _forms(secret)),
        "|".join(rf"{re.escape(token[:_BEGINNING])}[\w.~+/=%-]*" for token in sorted(tokens)),
        "|".join(_pattern_of_cut(word) for word in sorted(whole | words) if len(word) > _BEGINNING),
        _pattern_of_words(words),
    ]
    if not any(patterns):
        return str
    pattern = re.compile("|".join(filter(None, patterns)), re.IGNORECASE)

    def hide_run(run: re.Match[str]) -> str:
        text = run[0].rstrip("=").casefold()
        return _HIDDEN if any(text in blob or blob in text for blob in blobs) else run[0]

    return lambda text: _RUN.sub(hide_run, pattern.sub(_HIDDEN, text))


def _pattern(forms: Iterable[str]) -> str:
    return "|".join(
        re.escape(form) if len(form) >= _SHORT else rf"(?<!\w){re.escape(form)}(?!\w)"
        for form in sorted(set(forms), key=len, reverse=True)
    )


def _pattern_of_cut(word: str) -> str:
    rest = "." if " " in word else r"\S"
    return rf"{re.escape(word[:_BEGINNING])}{rest}*?{_CUT}"


def _pattern_of_words(words: Iterable[str]) -> str:
    forms = sorted({form for word in words for form in _forms(word)}, key=len, reverse=True)
    return rf"(?<![^\W_])(?:{'|'.join(map(re.escape, forms))})(?![^\W_])" if forms else ""


def _forms(secret: str) -> Iterator[str]:
    yield from (secret, quote(secret), quote(secret, safe=""), html.escape(secret))
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret)[1:-1].replace("/", r"\/")  # as PHP writes it
    yield from (secret.replace("/", r"\/"), repr(secret)[1:-1], quote(secret).replace("%20", "+"))
    yield secret.encode().decode("latin-1")  # in UTF-8, and read as if it were not


def _in_base64(content: bytes) -> Iterator[str]:
    """Its base64, and what of it stands in that of whatever it is a part of, by where it begins."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + content).decode().rstrip("=").casefold()
        if not before and len(coded) >= _SHORT:
            yield coded
        last = None if (before + len(content)) % 3 == 0 else -1
        if len(blob := coded[-(-before * 8 // 6) : last]) >= _SHORT:
            yield blob


def secrets_of_address(address: str, more: Iterable[str] = ()) -> _Hide:
    """Leaves out what of an address is shown nowhere, since any part of it can be a token.

    >>> secrets_of_address("https://example.org/hook?token=s3cr3t")(
    ...     "no such token: s3cr3t at /hook"
    ... )
    'no such token: … at /hook'
    """
    rest = _QUERY_KEY.sub(r"\1", address.partition("://")[2])
    parts = re.split(r"[/:@?&=,;#]+", rest)
    words = {word for part in parts for word in (part, unquote(part)) if len(word) >= 4}
    try:
        user, password = urlsplit(address).username or "", urlsplit(address).password or ""
    except ValueError:
        user, password = "", ""
    login = f"{unquote(user)}:{unquote(password)}".encode()
    more = [*more, password, unquote(password)]
    return hider(more, words - _NO_SECRETS, [login] if user else [])


def secrets_of_arguments(arguments: Iterable[str]) -> _Hide:
    """Leaves out what of the arguments of a command may be a secret: all but its program, options
    and paths, and what in these looks like a token.

    >>> hide = secrets_of_arguments(["curl", "-H", "Bearer Xa7bQ9k2Zp41", "--key=correct-horse"])
    >>> hide("curl: no Xa7bQ9k2Zp41, no correct-horse, no -H")
    'curl: no …, no …, no -H'
    """
    given = list(arguments)
    parts = [part for argument in given for part in re.split(r"[\s/:@?&=,;#'\"]+", argument)]
    values = [argument.partition("=")[2] if argument[:1] == "-" else argument for argument in given]
    own = (value for value in values[1:] if len(value) >= _SHORT and not _PATH.match(value))
    return hider(filter(looks_like_token, parts), own)
