"""What a process that goes on says of itself: a sentence for people, or JSON for what collects it.

Each entry has the name of its sentence, which never changes, as `event`; the sentence itself, in
the language that was asked for, as `message`; and what is in it by name. What would open something,
the secret of a link or a password in an address, stands in neither.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import Any, Literal, TextIO, TypeAlias

import structlog

from tracker import clock
from tracker.failures.secrets import without_credentials
from tracker.i18n.encodings import escape_json
from tracker.i18n.reasons import values_in_words
from tracker.i18n.translate import Language, comma_list, translate

Level: TypeAlias = Literal["debug", "info", "warning", "error"]
#: The secret of a link, the signature of a message's, and what stands before the @ of an address.
_SECRETS = (
    (re.compile(r"(/(?:alert|unsubscribe)/[\w%-]+/)[\w%-]{8,}"), r"\1***"),
    (re.compile(r"(/s/)[\w-]{8,}"), r"\1***"),
    (re.compile(r"(\w://)[^\s/@]+@"), r"\1***@"),
)
#: Libraries whose complaints we make in our own words, where they matter.
_LOGGED_BY_US = ("apscheduler", "procrastinate", "psycopg.pool", "asyncio")


class Log:
    """Where a process says what happens to it."""

    def __init__(
        self, language: Language, as_json: bool = False, out: TextIO | None = None
    ) -> None:
        self.language: Language = language
        self.as_json = as_json
        form: Any = structlog.processors.JSONRenderer(ensure_ascii=False) if as_json else _sentence
        self._logger: Any = structlog.wrap_logger(
            _Out(out, as_json),
            processors=[structlog.processors.add_log_level, _redact_entry, _time, form],
        )
        for name in _LOGGED_BY_US:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        if as_json:
            root = logging.getLogger()
            root.handlers[:] = [_LibraryHandler(self)]
            root.setLevel(logging.WARNING)

    def write(self, name: str, level: Level = "info", **values: object) -> None:
        """That sentence, reasons in words; of values that are several it has the list."""
        values = values_in_words(self.language, values)
        texts = {
            key: comma_list(map(str, value), self.language)
            if isinstance(value, (list, tuple))
            else value
            for key, value in values.items()
        }
        self.write_text(translate(self.language, name, **texts), name, level, **values)

    def write_text(self, text: str, name: str, level: Level = "warning", **values: object) -> None:
        """A text that is in words already."""
        getattr(self._logger, level)(name, message=text, **values)

    def note(self, name: str, **values: object) -> None:
        """What nobody reads line by line: only JSON has it."""
        if self.as_json:
            self._logger.info(name, **values)


class _Out:
    """Where entries end, each a line."""

    def __init__(self, out: TextIO | None, as_json: bool) -> None:
        self._out = out
        self._as_json = as_json

    def msg(self, line: str) -> None:
        out = self._out or sys.stderr
        if self._as_json:
            line = escape_json(line, out.encoding or "utf-8")
        with suppress(OSError):  # a full disk: what is to be done is done, though nobody is told
            out.write(f"{line}\n")  # one piece, into which no other line can come
            out.flush()

    debug = info = warning = error = msg


class _LibraryHandler(logging.Handler):
    """What libraries say, as entries of the same log."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        level: Level = "error" if record.levelno >= logging.ERROR else "warning"
        self._log.write_text(without_credentials(record.getMessage()), record.name, level)


def _time(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {"timestamp": clock.now().isoformat(timespec="milliseconds"), **entry}


def _redact_entry(
    _logger: object, _method: str, entry: MutableMapping[str, Any]
) -> Mapping[str, Any]:
    return {key: redact(value) for key, value in entry.items()}


def redact(value: Any) -> Any:
    """A text without what would open something.

    >>> redact("GET /s/Zm9vYmFyYmF6/calendar.ics")
    'GET /s/***/calendar.ics'
    >>> redact("POST /alert/0b1c/Zm9vYmFyYmF6")
    'POST /alert/0b1c/***'
    >>> redact("postgresql://tracker:secret@db/tracker")
    'postgresql://***@db/tracker'
    """
    if isinstance(value, str):
        for pattern, mask in _SECRETS:
            value = pattern.sub(mask, value)
        return value
    return [redact(part) for part in value] if isinstance(value, (list, tuple)) else value


def _sentence(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> str:
    return str(entry["message"])
