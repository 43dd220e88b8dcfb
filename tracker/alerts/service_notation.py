"""A message in the notation of its service, in which no text of an agreement is more than text.

Many services read Markdown, each its own, in what they are sent as plain text too; others make
links and mentions of what only looks like one. So a sign that means something where it is read is
escaped there, or, where a service knows no escapes, becomes one that looks like it. What each of
them might read as a mention, or as a link that leads elsewhere than it says, is broken by a space
of no width, which nobody sees. Addresses that stand in a body stay whole, since they show where
they lead; in a title, which is no place for one, none becomes a link.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal, NamedTuple

from tracker.alerts.message import Block, Body, Message

_BREAK = "\u200b"
#: What begins a mention, of people and of channels (`@here`, `<!channel>`, `<@U123>`, `#general`,
#: `<at user_id="all">`, `</pay now:1>`), and a link between angles; what joins the text of a link
#: to its address, hides a spoiler, and is another letter in HTML.
_SPECIAL = re.compile(
    r"@(?=\S)|(?<!\S)[#~](?=[\w*])|<(?=[!@#&:]|/?at\b|/?\w[\w ]*[:.]|\Z)"
    r"|\](?=[(\[:])|\|(?=\|)|&(?=#?\w+;)"
    # KOOK's kmarkdown, OneBot's codes, and formulas and functions of Zulip's and Misskey's.
    r"|\((?=[a-z]{3}\))|\[(?=CQ:)|\$(?=[$\[])|\\(?=[(\[])"
)
#: What services make a link of by itself: an address, and the name of a host.
_ADDRESS = re.compile(r":(?=//)|(?<=\w)\.(?=[^\W\d_]{2})")
#: An address that is left as it is.
_URL = re.compile(r"https?://[^\s<>\"\[\]()|\\^`{}*]+")
#: What means something in Markdown within an address: an underscore at the edge of a word.
_EDGE = re.compile(r"(?<![^\W_])_|_(?![^\W_])|~")
#: What means something in Markdown: anywhere, and at the beginning of a line.
_SIGN = re.compile(r"[\\`*_~\[\]|]")
_LINE = re.compile(r"^([ \t]*)([#>+=-]|[0-9]+(?=[.)]))", re.MULTILINE)
#: Services that read Markdown where Apprise sends what it calls text (Notifiarr to Discord).
_READ_MARKDOWN = frozenset({
    "NotifyDiscord", "NotifyFluxer", "NotifyGuilded", "NotifyHumHub", "NotifyMattermost",
    "NotifyNextcloudTalk", "NotifyNotifiarr", "NotifyRevolt", "NotifyRyver", "NotifyServerChan",
})  # fmt: skip
#: Those, and others, that read it in a title of its own as well.
_READ_TITLES = _READ_MARKDOWN - {"NotifyServerChan", "NotifyRevolt"} | {
    "NotifyWorkflows", "NotifyMSTeams"
}  # fmt: skip
#: Services that read emphasis in text, each in its way, and know no sign that would take it away.
_KNOW_NO_ESCAPES = frozenset({
    "NotifyAWSWhatsApp", "NotifyBale", "NotifyMisskey", "NotifySynology", "NotifyThreema",
    "NotifyViber", "NotifyWhatsApp", "NotifyZulip",
})  # fmt: skip
#: What looks like a sign of theirs, and means nothing.
_LOOKALIKES = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb"})
#: And what Misskey reads as layout besides: `<center>`, `</small>`.
_TAG = re.compile(r"<(?=/?\w)")
#: Kinds of blocks in which titles stand, and no address of a document.
_TITLES = ("opening", "remark", "heading", "item")


class Notation(NamedTuple):
    """How a service reads what it is sent."""

    format: Literal["text", "markdown"]  #: what Apprise is to take it for
    is_markdown: bool
    escapes_title: bool
    escapes_tags: bool = False  #: Apprise makes HTML of it, or the service does
    knows_escapes: bool = True  #: a backslash before a sign takes its meaning away

    def write(self, message: Message) -> Message:
        """The message as it is sent."""
        blocks = tuple(map(self._block, message.blocks))
        escape = self._escape if self.escapes_title else str
        body = Body(escape(harmless(message.subject)), blocks)
        return replace(message, make_body=lambda: body)

    def _block(self, block: Block) -> Block:
        if block.kind in _TITLES:
            return block._replace(text=self._escape(harmless(block.text)), below=self._below(block))
        if block.has_titles:
            return block._replace(
                text="\n".join(map(self._title_or_address, block.text.split("\n")))
            )
        text = self._with_addresses(block.text, lambda text: self._escape(without_mentions(text)))
        return block._replace(text=text, url=block.url and self._address(block.url))

    def _title_or_address(self, line: str) -> str:
        return self._address(line) if _URL.fullmatch(line) else self._escape(harmless(line))

    def _below(self, block: Block) -> str:
        """An address, or a command, which is to be copied as it is."""
        return self._with_addresses(block.below, self._escape if self.knows_escapes else str)

    def _with_addresses(self, text: str, change: Callable[[str], str]) -> str:
        """The text with all changed that stands between its addresses."""
        pieces, at = [], 0
        for address in _URL.finditer(text):
            pieces += [change(text[at : address.start()]), self._address(address[0])]
            at = address.end()
        return "".join((*pieces, change(text[at:])))

    def _address(self, url: str) -> str:
        """The same address (RFC 3986, section 6.2.2.2), in which nothing is emphasis."""
        return _EDGE.sub(_percent_encoded, url) if self.is_markdown else url

    def _escape(self, text: str) -> str:
        if not self.is_markdown:
            return text
        if not self.knows_escapes:
            text = _EDGE.sub("\u02cd", _TAG.sub(_with_break, text.translate(_LOOKALIKES)))
            return _LINE.sub(rf"\1{_BREAK}\2", text)
        text = _SIGN.sub(r"\\\g<0>", text)
        if self.escapes_tags:
            text = text.replace("<", r"\<")
        return _LINE.sub(_escaped_beginning, text)


def _escaped_beginning(line: re.Match[str]) -> str:
    return f"{line[1]}{line[2]}\\" if line[2].isdigit() else f"{line[1]}\\{line[2]}"


def notation_of(service: Any) -> Notation:
    """The notation of a service, an object of Apprise's."""
    kind = type(service).__name__
    if service.resolve_format("text").value == "markdown":
        is_in_body = service.title_maxlen <= 0
        return Notation("markdown", True, is_in_body or kind in _READ_TITLES, True)
    knows_escapes = kind not in _KNOW_NO_ESCAPES
    reads_markdown = kind in _READ_MARKDOWN or not knows_escapes
    is_in_body = reads_markdown and service.title_maxlen <= 0
    escapes_title = is_in_body or kind in _READ_TITLES
    return Notation("text", reads_markdown, escapes_title, knows_escapes=knows_escapes)


def harmless(text: str) -> str:
    """A title, in which nobody is mentioned and nothing is a link.

    >>> harmless("@all, <!here>, b.example").replace(_BREAK, "·")
    '@·all, <·!here>, b.·example'
    """
    return _ADDRESS.sub(_with_break, without_mentions(text))


def without_mentions(text: str) -> str:
    """A text in which nobody is mentioned, and each link shows where it leads."""
    return _SPECIAL.sub(_with_break, text)


def _with_break(sign: re.Match[str]) -> str:
    return f"{sign[0]}{_BREAK}"


def _percent_encoded(sign: re.Match[str]) -> str:
    return f"%{ord(sign[0]):02X}"
