"""A message, before it takes the form of a mail, a webhook's body or a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple, TypeAlias

from tracker.i18n.translate import Language
from tracker.reminders.plan import AlertKey

#: opening: a whole sentence that says what the subject says, and of which event. remark: to be
#: known beside the subject, on every channel. text: a sentence. item: of a list. quote: a source's
#: words. rest: where all of it can be seen, with what the message leaves out. link: where
#: something can be done, with its address. footer: the same, of little weight.
BlockKind: TypeAlias = Literal[
    "opening", "remark", "text", "heading", "item", "quote", "rest", "link", "footer"
]


class Block(NamedTuple):
    """One piece of a body."""

    kind: BlockKind
    text: str
    url: str | None = None
    more: int = 0  #: of an item that stands for others which the list leaves out: how many
    below: str = ""  #: of an item: the address, or the command, by which something is done about it
    label: str = ""  #: what is done at that address
    has_titles: bool = False  #: of a text: what an agreement names stands in it


class MessageLinks(NamedTuple):
    """Where a reader can acknowledge or unsubscribe; nothing happens before a button is pressed."""

    acknowledge: str  #: "": each entry of the message has its own
    unsubscribe: str


class Body(NamedTuple):
    """The subject, and what stands below it."""

    subject: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Message:
    """What goes to one address. A channel takes of it only what it can carry."""

    id: str  #: a UUID: the same however often it is sent
    key: AlertKey
    language: Language
    thread: str  #: what it is about: messages about the same belong together
    make_body: Callable[[], Body]
    links: MessageLinks | None = None
    make_calendar: Callable[[], bytes] | None = None
    make_point: Callable[[], dict[str, Any]] | None = None
    #: Where all of it can be seen: the address of a page, else a command to type; "": nowhere.
    see: str | None = None
    make_reminders: Callable[[], list[dict[str, Any]]] | None = None  #: of one that names several

    @cached_property
    def _body(self) -> Body:
        return self.make_body()

    @property
    def subject(self) -> str:
        return self._body.subject

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self._body.blocks

    @property
    def calendar(self) -> bytes | None:
        """The event as iCalendar."""
        return None if self.make_calendar is None else self.make_calendar()

    @property
    def point(self) -> dict[str, Any] | None:
        """The point as `tracker list --json` shows it."""
        return None if self.make_point is None else self.make_point()

    @property
    def reminders(self) -> list[dict[str, Any]]:
        """Of a message that names several reminders, what is known of each; else none."""
        return [] if self.make_reminders is None else self.make_reminders()

    @property
    def text(self) -> str:
        """The body as plain text.

        >>> key = AlertKey("r", "", "reminder", "a/x", "when", "", "2030-12-31", "0 days")
        >>> blocks = (Block("heading", "Coming"), Block("item", "x"), Block("quote", "“…”"))
        >>> print(Message("", key, "en", "a/x", lambda: Body("x: today", blocks)).text)
        Coming
        - x
        <BLANKLINE>
          “…”
        """
        parts: list[str] = []
        for at, block in enumerate(self.blocks):
            before = self.blocks[at - 1].kind if at else None
            joined = block.kind == "item" and before in ("item", "heading")
            if at:
                parts.append("\n" if joined else "\n\n")
            parts.append(_as_text(block))
        return "".join(parts)

    @property
    def remarks(self) -> list[str]:
        """What has to be known beside the subject."""
        return [block.text for block in self.blocks if block.kind == "remark"]


def _as_text(block: Block) -> str:
    if block.kind == "item":
        return f"- {block.text}\n  {block.below}" if block.below else f"- {block.text}"
    if block.kind == "quote":
        return "\n".join(f"  {line}" for line in block.text.splitlines())
    if block.kind in ("link", "footer") and block.url is not None:
        return f"{block.text}\n{block.url}"
    return block.text
