"""The body of a webhook: a message as JSON, in no more bytes than its receiver takes.

The text is shortened as on every channel. What is long in `data` is cut, the longest first, so that
the text has half of the room where it needs that; what tells a point from others is not cut, and
where all that has no room there is no `data`. The names of what is not whole stand in `shortened`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from tracker.alerts.message import Body, Message
from tracker.alerts.shortening import cut_middle, shorten_to
from tracker.reminders.batches import BATCH

#: A point as in `/api/events`; None where the message is about none.
_Data: TypeAlias = "dict[str, Any] | None"

#: Characters of each text and each list in `data` that is cut: as many as there is room for.
_LENGTHS = (8000, 4000, 2000, 1000, 500, 250, 120, 60)
#: About so many bytes there are in each body, whatever it says.
_HEAD = 200
#: Of `data`, what tells a point from others, or is short anyway.
_WHOLE = frozenset({
    "agreement", "id", "point", "occurrence", "status", "state", "earliest", "latest", "stands",
    "counts_to",
})  # fmt: skip


def body_within(most: int, message: Message) -> bytes:
    """The body in so many bytes, or as short as it can be."""
    data = message.point
    body = _encode(message, data)
    if len(body) <= most:
        return body
    reminders, names = _reminders_within(most // 2 - _HEAD, message.reminders)
    message = replace(message, make_reminders=lambda: reminders)
    shortest = replace(message, make_body=lambda: Body("", ()))
    beside_the_text = most - len(_encode(message, None))
    room = max(beside_the_text, (most - len(_encode(shortest, None))) // 2)
    shorter, cut = _data_within(room, data)

    def encode(message_kept: Message) -> bytes:
        kept = (message_kept.subject == message.subject, message_kept.text == message.text)
        cut_here = [
            name for name, whole in zip(("subject", "text"), kept, strict=True) if not whole
        ]
        return _encode(message_kept, shorter, [*cut_here, *cut, *names])

    return encode(shorten_to(message, lambda kept: len(encode(kept)) <= most))


def _data_within(most: int, data: _Data) -> tuple[_Data, list[str]]:
    """The data in so many bytes, and the names of what was cut; none where that cannot be."""
    if data is None or len(_json(data)) <= most:
        return data, []
    for length in _LENGTHS:
        shorter = {
            name: value if name in _WHOLE else _cut(value, length) for name, value in data.items()
        }
        if len(_json(shorter)) <= most:
            return shorter, [f"data.{name}" for name in data if shorter[name] != data[name]]
    return None, ["data"]


def _reminders_within(
    most: int, reminders: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[str]]:
    """The reminders in so many bytes, and what was cut: first what is known of their points."""
    if len(_json(reminders)) <= most:
        return reminders, []
    shorter = [{**reminder, "data": None} for reminder in reminders]
    names = ["reminders.data"]
    while shorter and len(_json(shorter)) > most:
        shorter.pop()
        names = ["reminders"]
    return shorter, names


def _cut(value: Any, most: int) -> Any:
    """The value with texts of so many characters at most, and of a list its first of as many."""
    if isinstance(value, str):
        return cut_middle(value, most)
    if isinstance(value, dict):
        return {name: _cut(part, most) for name, part in value.items()}
    if not isinstance(value, list):
        return value
    kept: list[Any] = []
    for part in value:
        kept.append(_cut(part, most))
        if len(_json(kept)) > most:
            return kept[:-1]
    return kept


def _encode(message: Message, data: _Data, shortened: Sequence[str] = ()) -> bytes:
    key, is_batch = message.key, message.key.kind == BATCH
    return _json({
        "id": message.id,
        "kind": key.kind,
        "recipient": key.recipient,
        "event": None if is_batch else key.event,
        "point": key.point or None,
        "occurrence": key.occurrence or None,
        "counts_to": key.counts_to or None,
        "lead": None if is_batch else key.lead or None,
        "language": message.language,
        "subject": message.subject,
        "text": message.text,
        "answer": (message.links and message.links.acknowledge) or None,
        "data": data,
        "reminders": message.reminders,
        "shortened": shortened,
    })  # fmt: skip


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
