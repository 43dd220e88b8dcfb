"""A message as mail (RFC 5322, RFC 2045): text and HTML, and the event as an .ics attachment.

It is put together here and not by the standard library's email package, which takes longer for it
than the mail server does; the tests read every mail with that package.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from urllib.parse import quote
from uuid import uuid5

from tracker.alerts.message import Block, Message
from tracker.feeds.entries import NAMESPACE

_STYLE = "font:16px/1.5 system-ui,sans-serif;color:#1b1b1b;max-width:40em;margin:0;padding:1em"
_QUOTE = "margin:1em 0;padding:0 0 0 1em;border-left:3px solid #999;white-space:pre-line"
_SMALL = "margin-top:2em;font-size:small"
_LINK = (
    "display:inline-block;padding:.6em 1em;border-radius:.4em;background:#1b4f8f;color:#fff;"
    "text-decoration:none"
)
#: RFC 2047, section 2: an encoded word has 75 characters at most, 12 of which say what it is.
_WORD = 45
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]")
#: A name that needs no quotes, and one that fits on its line (RFC 5322, sections 3.2.3 and 2.1.1).
_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_LONGEST_NAME = 60
#: RFC 5322, section 2.1.1: of a line, 998 characters.
_LONGEST_ADDRESS = 900
#: Mailboxes that say by their name that nobody reads what comes there.
_UNREAD = re.compile(r"(?:no|do[-_.]?not)[-_.]?reply\b.*@", re.IGNORECASE)


def mime_of(
    message: Message, sender: str, mailbox: str, now: datetime, sender_name: str = "tracker"
) -> bytes:
    """The mail's bytes, with CRLF."""
    domain = sender.rpartition("@")[2]
    mixed, alternative = (f"={message.id}-{name}" for name in ("mixed", "alternative"))
    head = [
        f"From: {_phrase(sender_name)} <{sender}>",
        f"To: {mailbox}",
        f"Subject: {header(message.subject)}",
        f"Date: {format_datetime(now.astimezone(UTC))}",
        f"Message-ID: <{message.id}@{domain}>",
        # What the thread begins with is never sent: a later message finds it all the same.
        f"References: <{uuid5(NAMESPACE, f'thread/{message.thread}')}@{domain}>",
        f"List-Id: {_phrase(sender_name)} <{_list_id(domain)}>",  # RFC 2919: what to filter by
        "Auto-Submitted: auto-generated",  # RFC 3834: no out-of-office replies
        # The same for Exchange. Not All, with which nobody would hear that a mailbox refused it.
        "X-Auto-Response-Suppress: OOF, AutoReply",
        f"Content-Language: {message.language}",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/mixed; boundary="{mixed}"',
    ]
    head += _unsubscribe_headers(message, sender, mailbox)
    parts = [
        "\r\n".join(head).encode(),
        _line(mixed, f'Content-Type: multipart/alternative; boundary="{alternative}"'),
        _part(alternative, "text/plain; charset=utf-8", f"{message.text}\n"),
        _part(alternative, "text/html; charset=utf-8", html_of(message)),
        f"--{alternative}--\r\n".encode(),
    ]
    if calendar := message.calendar:
        parts.append(_attachment(mixed, calendar))
    parts.append(f"--{mixed}--\r\n".encode())
    return b"\r\n".join(parts)


def _unsubscribe_headers(message: Message, sender: str, mailbox: str) -> Iterator[str]:
    """RFC 8058 where there is a page for it; else a request by mail (RFC 2369, section 3.2).

    The request names the mailbox: whoever reads it has to know which address to take out.
    """
    if message.links is not None:
        yield f"List-Unsubscribe: <{message.links.unsubscribe}>"
        yield "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
    elif not _UNREAD.match(sender):
        subject = quote(f"unsubscribe {mailbox}", safe="")
        address = f"mailto:{quote(sender, safe='@')}?subject={subject}"
        if len(address) <= _LONGEST_ADDRESS:
            yield f"List-Unsubscribe: <{address}>"


def _list_id(domain: str) -> str:
    """What all mails from one domain have in common, however recipients and titles are called."""
    try:
        return f"alerts.{domain.encode('idna').decode()}"
    except UnicodeError:  # a label that is too long for it
        return f"alerts.{quote(domain)}"


def _phrase(name: str) -> str:
    """A name before a mailbox: as it is, in quotes, or in words of RFC 2047.

    >>> _phrase("Deadlines"), _phrase("Deadlines, Legal"), _phrase("期限")
    ('Deadlines', '"Deadlines, Legal"', '=?utf-8?b?5pyf6ZmQ?=')
    """
    name = _UNSAFE.sub(" ", name)
    if not name.isascii() or len(name) > _LONGEST_NAME or "=?" in name:
        return _encoded_words(name)
    if _PHRASE.fullmatch(name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def header(text: str) -> str:
    """A header's text: as it is where it is short ASCII, else in words of RFC 2047.

    >>> header("Notice is due"), header("期限")
    ('Notice is due', '=?utf-8?b?5pyf6ZmQ?=')
    """
    text = _UNSAFE.sub(" ", text)
    if text.isascii() and len(text) < 900 and "=?" not in text:
        return "\r\n ".join(_folded_lines(text))
    return _encoded_words(text)


def _encoded_words(text: str) -> str:
    words = (binascii.b2a_base64(piece, newline=False).decode() for piece in _pieces(text))
    return "\r\n ".join(f"=?utf-8?b?{word}?=" for word in words)


def _folded_lines(text: str) -> Iterator[str]:
    """The text in lines of some 70 characters, broken at spaces (RFC 5322, section 2.2.3)."""
    line = ""
    for word in text.split(" "):
        if line and len(line) + len(word) > 66:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _pieces(text: str) -> Iterator[bytes]:
    """The text in pieces that fit into a word; no character is torn apart (RFC 2047, section 5)."""
    piece = b""
    for character in text:
        coded = character.encode()
        if len(piece) + len(coded) > _WORD:
            yield piece
            piece = b""
        piece += coded
    yield piece


def _line(boundary: str, *lines: str) -> bytes:
    return "\r\n".join(("", f"--{boundary}", *lines, "")).encode()


def _part(boundary: str, kind: str, text: str) -> bytes:
    """A part of text: quoted-printable where most of it is ASCII, else base64."""
    coded = text.replace("\n", "\r\n").encode()
    if 3 * len(coded) < 4 * len(text) + 200:
        name, body = "quoted-printable", binascii.b2a_qp(coded, istext=True)
    else:
        name, body = "base64", _base64(coded)
    head = f"--{boundary}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {name}\r\n\r\n"
    return head.encode() + body


def _attachment(boundary: str, calendar: bytes) -> bytes:
    head = (
        f"--{boundary}\r\n"
        'Content-Type: text/calendar; charset=utf-8; name="event.ics"\r\n'
        "Content-Transfer-Encoding: base64\r\n"
        'Content-Disposition: attachment; filename="event.ics"\r\n\r\n'
    )
    return head.encode() + _base64(calendar)


def _base64(content: bytes) -> bytes:
    """RFC 2045, section 6.8: lines of 76 characters."""
    lines = (content[at : at + 57] for at in range(0, len(content), 57))
    return b"\r\n".join(binascii.b2a_base64(line, newline=False) for line in lines)


def html_of(message: Message) -> str:
    """The body as HTML: nothing is fetched, nothing runs, text is text."""
    body = "\n".join(_html_pieces(message))
    if not any(block.kind == "opening" for block in message.blocks):  # which says what it says
        body = f"<p><strong>{escape(message.subject)}</strong></p>\n{body}"
    return (
        f'<!doctype html>\n<html lang="{message.language}">\n<head><meta charset="utf-8">'
        f"<title>{escape(message.subject)}</title></head>\n"
        f'<body style="{_STYLE}">\n{body}\n</body>\n</html>\n'
    )


def _html_pieces(message: Message) -> list[str]:
    pieces: list[str] = []
    listing = False
    for block in message.blocks:
        if (block.kind == "item") != listing:
            listing = not listing
            pieces.append("<ul>" if listing else "</ul>")
        pieces.append(_html(block))
    return [*pieces, "</ul>"] if listing else pieces


def _below_item(block: Block) -> str:
    """Where something can be done about an entry, or the command that does it."""
    if not block.below:
        return ""
    below = escape(block.below)
    if not block.label:
        return f"<br><code>{below}</code>"
    return f'<br><a href="{below}">{escape(block.label)}</a>'


def _html(block: Block) -> str:
    text = escape(block.text)
    match block.kind:
        case "item" if block.url is not None:
            return f'<li><a href="{escape(block.url)}">{text}</a>{_below_item(block)}</li>'
        case "item":
            return f"<li>{text}{_below_item(block)}</li>"
        case "heading" | "opening":
            return f"<p><strong>{text}</strong></p>"
        case "quote":
            return f'<blockquote style="{_QUOTE}">{text}</blockquote>'
        case "link":
            return f'<p><a style="{_LINK}" href="{escape(block.url or "")}">{text}</a></p>'
        case "footer":
            return f'<p style="{_SMALL}"><a href="{escape(block.url or "")}">{text}</a></p>'
        case "rest" if block.url is not None:
            address = escape(block.url)
            link = f'<a href="{address}">{address}</a>'
            return f"<p>{text.replace(address, link)}</p>"
        case "text" | "remark" | "rest":
            return f'<p style="white-space:pre-line">{text}</p>'
