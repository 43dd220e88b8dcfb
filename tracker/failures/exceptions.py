"""What Python and libraries raise where a file, a connection or a program fails."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.failures.machine import placed, reason_of_number
from tracker.failures.secrets import without_credentials
from tracker.failures.tls import reason_of_tls
from tracker.i18n.reasons import Reason

#: What stands in the texts of exceptions for programmers alone.
_NOISE = re.compile(
    r"\[(?:Errno|WinError|SSL)[^\]]*\]\s*|\s*\(_ssl\.c:\d+\)|<[\w.]+ object at 0x[0-9a-f]+>:?\s*"
    r"|\w+\(host=[^)]*\):\s*|\b(?:[a-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Timeout|Warning)\b:?\s*"
)
_BYTES = re.compile(r"""\bb(['"])((?:\\.|(?!\1).)*)\1""")
#: So many causes of causes are looked at.
_DEEPEST = 12


def reason_of(error: BaseException, place: str = "", seconds: float | None = None) -> Reason:
    """Why that was raised: by what is known of it or of its causes, else in its own words.

    `place` is with whom it was, `seconds` how long an answer was waited for.

    >>> reason_of(TimeoutError(), "mail.example.org:25", 10).text("en")
    'no answer from mail.example.org:25 within 10 seconds'
    >>> reason_of(ZeroDivisionError("division by zero")).text("en")
    'something unforeseen happened; in its own words: “division by zero”'
    """
    chain = list(_with_causes(error))
    for part in chain:
        reason = _known(part, place, seconds)
        if reason is not None:
            return reason
    for part in chain:
        reason = _known_of_http(part, place)
        if reason is not None:
            return reason
    return Reason("unforeseen", words_of(error))


def words_of(error: BaseException) -> str:
    """What an exception says, as far as it is for people."""
    return words_in(str(error))


def words_in(text: str) -> str:
    r"""The text of an exception without what is for programmers alone.

    >>> words_in("(535, b'5.7.8 authentication \\xe9chou\\xe9e')")
    '535 5.7.8 authentication �chou�e'
    >>> words_in("[SSL: CERTIFICATE_VERIFY_FAILED] certificate has expired (_ssl.c:1006)")
    'certificate has expired'
    """
    pair = re.fullmatch(r"\((\d{3}), (b['\"].*['\"])\)", text, re.DOTALL)
    text = f"{pair[1]} {pair[2]}" if pair else text
    text = _NOISE.sub("", _BYTES.sub(lambda match: _decode(match[0]), text)).strip()
    return without_credentials(text)


def _decode(literal: str) -> str:
    import ast

    try:
        value = ast.literal_eval(literal)
    except (SyntaxError, ValueError):
        return literal
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    """It, and what it came of, the next cause first."""
    waiting, seen = [error], 0
    while waiting and seen < _DEEPEST:
        part = waiting.pop(0)
        seen += 1
        yield part
        if isinstance(part, BaseExceptionGroup):
            waiting += part.exceptions
        cause = part.__cause__ or part.__context__
        if cause is not None:
            waiting.append(cause)


def _kinds(error: BaseException) -> set[str]:
    """What kinds of exceptions it is, by name: a library may be half imported in another thread."""
    return {f"{kind.__module__.partition('.')[0]}.{kind.__name__}" for kind in type(error).__mro__}


def _known(error: BaseException, place: str, seconds: float | None) -> Reason | None:
    """What one exception means; None: it says nothing by itself."""
    if isinstance(reason := getattr(error, "reason", None), Reason):  # it knows by itself
        return reason
    kinds = _kinds(error)
    if "ssl.SSLError" in kinds:
        reason = reason_of_tls(error)
        return placed(reason.case, place) if reason.case == "hung-up" else reason
    if kinds & {"builtins.TimeoutError", "httpx2.TimeoutException", "subprocess.TimeoutExpired"}:
        seconds = seconds or getattr(error, "timeout", None)
        if not seconds:
            return placed("no-answer", place)
        return placed("no-answer.within", place, ("seconds", max(round(seconds), 1)))
    if isinstance(error, OSError):
        is_name = "socket.gaierror" in kinds
        return _reason_of_name(error, place) if is_name else reason_of_number(error.errno, place)
    if isinstance(error, UnicodeError):
        return Reason("bad-name") if "idna" in str(error) or "label" in str(error) else None
    if isinstance(error, EOFError):
        return placed("hung-up", place)
    if isinstance(error, RuntimeError) and "can't start new thread" in str(error):
        return Reason("no-threads")
    return Reason("no-memory") if isinstance(error, MemoryError) else None


def _reason_of_name(error: OSError, place: str) -> Reason:
    """Why a name was not resolved."""
    import socket

    host = place.rpartition(":")[0] or place
    missing = {getattr(socket, name, None) for name in ("EAI_NONAME", "EAI_NODATA")}
    return placed("no-host" if error.errno in missing else "no-names", host)


def _known_of_http(error: BaseException, place: str) -> Reason | None:
    """What an exception of the library for HTTP means that has no cause below it."""
    kinds = {name.removeprefix("httpx2.") for name in _kinds(error) if name.startswith("httpx2.")}
    if "ProxyError" in kinds:
        return Reason("proxy", words_of(error))
    if kinds & {"InvalidURL", "UnsupportedProtocol"}:
        return Reason("bad-url")
    if "DecodingError" in kinds:
        return Reason("not-http")
    if "RemoteProtocolError" in kinds and "disconnected" not in str(error):
        return Reason("not-http")
    if "ConnectError" in kinds:
        return placed("no-route", place)
    is_cut = kinds & {"NetworkError", "RemoteProtocolError"}
    return placed("hung-up", place) if is_cut else None
