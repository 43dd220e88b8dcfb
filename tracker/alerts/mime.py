"""A message as mail (RFC 5322, RFC 2045): text and HTML, and the event as an .ics attachment."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from html import escape
from uuid import uuid5

from tracker.alerts.message import Block, Message
from tracker.feeds.entries import NAMESPACE

_STYLE = "font:16px/1.5 system-ui,sans-serif;color:#1b1b1b;max-width:40em;margin:0;padding:1em"
_QUOTE = "margin:1em 0;padding:0 0 0 1em;border-left:3px solid #999;white-space:pre-line"
_LINK = (
    "display:inline-block;padding:.6em 1em;border-radius:.4em;background:#1b4f8f;color:#fff;"
    "text-decoration:none"
)


def mime_of(message: Message, sender: str, mailbox: str, now: datetime) -> bytes:
    """The mail's bytes, with CRLF."""
    domain = sender.rpartition("@")[2]
    mail = EmailMessage(policy=SMTP if mailbox.isascii() else SMTPUTF8)
    mail["From"] = f"tracker <{sender}>"
    mail["To"] = mailbox
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(now.astimezone(UTC))
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    # What the thread begins with is never sent: a later message finds it all the same.
    mail["References"] = f"<{uuid5(NAMESPACE, f'thread/{message.thread}')}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
    if message.links is not None:
        mail["List-Unsubscribe"] = f"<{message.links.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(f"{message.text}\n")
    mail.add_alternative(html_of(message), subtype="html")
    if message.calendar is not None:
        mail.add_attachment(
            message.calendar,
            maintype="text",
            subtype="calendar",
            filename="event.ics",
            params={"charset": "utf-8"},
        )
    mail["Content-Language"] = message.language  # set before, it would be the text's alone
    return mail.as_bytes()


def html_of(message: Message) -> str:
    """The body as HTML: nothing is fetched, nothing runs, text is text."""
    body = "\n".join(_pieces(message))
    return (
        f'<!doctype html>\n<html lang="{message.language}">\n<head><meta charset="utf-8">'
        f"<title>{escape(message.subject)}</title></head>\n"
        f'<body style="{_STYLE}">\n<p><strong>{escape(message.subject)}</strong></p>\n'
        f"{body}\n</body>\n</html>\n"
    )


def _pieces(message: Message) -> list[str]:
    pieces: list[str] = []
    listing = False
    for block in message.blocks:
        if (block.kind == "item") != listing:
            listing = not listing
            pieces.append("<ul>" if listing else "</ul>")
        pieces.append(_html(block))
    return [*pieces, "</ul>"] if listing else pieces


def _html(block: Block) -> str:
    text = escape(block.text)
    match block.kind:
        case "item":
            return f"<li>{text}</li>"
        case "heading":
            return f"<p><strong>{text}</strong></p>"
        case "quote":
            return f'<blockquote style="{_QUOTE}">{text}</blockquote>'
        case "link":
            return f'<p><a style="{_LINK}" href="{escape(block.url or "")}">{text}</a></p>'
        case "text" | "remark":
            return f'<p style="white-space:pre-line">{text}</p>'
