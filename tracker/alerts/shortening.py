"""A message that is too long for what carries it, shortened at whole entries.

A channel says whether a message fits, measured as its service measures it. What does not fit is
left out by whole blocks, the least important first; the message then says how many entries are
missing and where they can be seen. Only a subject or an entry that is long by itself is cut, in its
middle and between two characters, so that both what it is about and its day remain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from tracker.alerts.message import Block, Body, Message
from tracker.i18n.columns import graphemes_of
from tracker.i18n.directions import close_isolates
from tracker.i18n.translate import Language, translate

#: Whether a channel can carry a message as it is.
Fits: TypeAlias = Callable[[Message], bool]

#: Of a message that is shortened neither the subject nor an entry is longer than this.
LONGEST_ENTRY = 300
#: Where it is in the way of all others, an entry is not longer than this.
_SHORT_ENTRY = 120
#: To so many characters entries are cut that must all be there, one length after another.
_ENTRY_LENGTHS = (LONGEST_ENTRY, 200, _SHORT_ENTRY, 70)
#: A subject is not cut to fewer characters than this only to say where the rest is, and an
#: entry that does not fit in so many, with its day in them, is left out.
_LEAST_SUBJECT, _LEAST_ENTRY = 25, 70
#: Entries of each list that go before the sentences of the message, and before all other entries.
_FIRST_ENTRIES = 3
_ELLIPSIS = "…"
#: Kinds of which nobody misses what they say: the subject says it, or a page does.
_UNCOUNTED = ("opening", "link", "footer")
#: What people see as one letter has no more characters than that in any language; marks can be
#: heaped on one without end.
_LONGEST_LETTER = 16
#: It ends the last list of a message.
_END = Block("rest", "")


def shorten_to(message: Message, fits: Fits) -> Message:
    """The message as it is where it fits; else the most of it that does.

    Where not even the beginning of its subject fits, as little as there can be.
    """
    if fits(message):
        return message
    if message.make_reminders is not None:
        for most in _ENTRY_LENGTHS:
            shorter = _with_entries_of(message, most)
            if fits(shorter):
                return shorter
    return _Shortening(message, fits).shorten()


def _with_entries_of(message: Message, most: int) -> Message:
    """The message with entries of so many characters at most.

    Each of several reminders is to be there: so all become shorter before one is left out.
    """
    blocks = [
        _cut_block(block, most) if block.kind == "item" else block for block in message.blocks
    ]
    body = Body(message.subject, tuple(blocks))
    return replace(message, make_body=lambda: body)


def cut_middle(text: str, most: int) -> str:
    """The text in at most that many characters; of what people see as one, none is torn apart.

    >>> cut_middle("Exclusive licence of all patents: in 30 days", 20)
    'Exclusiv… in 30 days'
    """
    if len(text) <= most:
        return text
    letters = [letter[:_LONGEST_LETTER] for letter in graphemes_of(text)]
    if sum(map(len, letters)) <= most:
        return "".join(letters)
    last = max(most - 1, 1) * 3 // 5
    end = _up_to(last, reversed(letters))
    beginning = _up_to(max(most - 1 - last, 1), letters)
    halves = ("".join(beginning), "".join(reversed(end)))
    return _ELLIPSIS.join(map(close_isolates, halves))


def _up_to(most: int, letters: Iterable[str]) -> list[str]:
    """The first letters, of so many characters at most together."""
    kept: list[str] = []
    for letter in letters:
        most -= len(letter)
        if most < 0:
            break
        kept.append(letter)
    return kept


class _Part(NamedTuple):
    """A list with its heading, or a block that stands for itself."""

    kind: str  #: "list", or the block's
    blocks: tuple[Block, ...]
    heading: Block | None = None
    more: int = 0  #: entries that the list leaves out already


class _Shortening:
    """What is kept of one message."""

    def __init__(self, message: Message, fits: Fits) -> None:
        self._message = message
        self._fits = fits
        self._subject = message.subject
        self._parts = list(_parts_of(message.blocks))
        self._kept = [0] * len(self._parts)  #: how many blocks of each part
        self._has_count = [False] * len(self._parts)  #: of a list: it says how many are missing
        self._has_rest = message.see is not None

    def shorten(self) -> Message:
        self._cut_subject()
        for at in self._of_kind("remark", "link"):
            self._keep_next(at)
        for at in self._of_kind("list"):
            self._has_count[at] = True
            self._has_count[at] = self._fits(self._result())
        self._keep_entries(_FIRST_ENTRIES)
        for at in self._of_kind("opening", "text"):  # the subject says what the opening says
            self._keep_next(at)
        self._keep_entries(max((len(part.blocks) for part in self._parts), default=0))
        for at in self._of_kind("quote", "footer"):
            self._keep_next(at)
        return self._result()

    def _cut_subject(self) -> None:
        """As much of the subject as fits, beside where the rest can be seen if possible."""
        whole = cut_middle(self._message.subject, LONGEST_ENTRY)
        self._subject = self._longest_subject(whole)
        if self._has_rest and len(self._subject) < min(_LEAST_SUBJECT, len(whole)):
            self._has_rest = False
            self._subject = self._longest_subject(whole)

    def _longest_subject(self, whole: str) -> str:
        low, high = 1, len(whole)
        middle = high
        while low < high:
            self._subject = cut_middle(whole, middle)
            low, high = (middle, high) if self._fits(self._result()) else (low, middle - 1)
            middle = (low + high + 1) // 2
        return cut_middle(whole, low)

    def _of_kind(self, *kinds: str) -> list[int]:
        """Where the parts of those kinds are, kind by kind."""
        return [at for kind in kinds for at, part in enumerate(self._parts) if part.kind == kind]

    def _keep_entries(self, most: int) -> None:
        """Keeps up to so many entries of each list, one of each in turn.

        A list ends before its first entry that does not fit: they stand in the order of their days.
        """
        lists = [at for at in self._of_kind("list") if self._has_count[at]]
        for number in range(most):
            lists = [at for at in lists if self._kept[at] > number or self._keep_entry(at)]

    def _keep_entry(self, at: int) -> bool:
        """Keeps one more entry of a list; shorter, where it is long or the first of all."""
        part, number = self._parts[at], self._kept[at]
        if number == len(part.blocks) or self._keep_next(at):
            return number < len(part.blocks)
        entry = part.blocks[number]
        lengths = [_SHORT_ENTRY] if len(entry.text) > _SHORT_ENTRY else []
        if not number:
            lengths += range(min(len(entry.text), _SHORT_ENTRY) - 1, _LEAST_ENTRY - 1, -5)
        for length in lengths:
            blocks = list(part.blocks)
            blocks[number] = _cut_block(entry, length)
            self._parts[at] = part._replace(blocks=tuple(blocks))
            if self._keep_next(at):
                return True
        self._parts[at] = part
        return False

    def _keep_next(self, at: int) -> bool:
        """Keeps one more block of a part, if there is one and it fits."""
        if self._kept[at] == len(self._parts[at].blocks):
            return False
        self._kept[at] += 1
        if self._fits(self._result()):
            return True
        self._kept[at] -= 1
        return False

    def _result(self) -> Message:
        """The message with what is kept so far."""
        blocks: list[Block] = []
        missing = 0
        for part, kept, has_count in zip(self._parts, self._kept, self._has_count, strict=True):
            left_out = len(part.blocks) - kept + part.more
            if part.heading is not None and has_count:
                blocks.append(part.heading)
            blocks += part.blocks[:kept]
            if not has_count:
                missing += 0 if part.kind in _UNCOUNTED else left_out
            elif left_out:
                blocks.append(more_block(left_out, self._message.language, kept == 0))
        if self._has_rest:
            blocks.append(rest_block(self._message.see or "", missing, self._message.language))
        body = Body(self._subject, tuple(blocks))
        return replace(self._message, make_body=lambda: body)


def more_block(count: int, language: Language, is_alone: bool = False) -> Block:
    """The last entry of a list that leaves so many out; alone, where it leaves out all."""
    name = "alert.more.alone" if is_alone else "alert.more"
    return Block("item", translate(language, name, count=count), more=count)


def rest_block(see: str, missing: int, language: Language) -> Block:
    """Where all can be seen that a message leaves out, and how much of it no list has counted.

    "": nowhere, which is said as well.
    """
    name = "alert.rest.missing" if missing else "alert.rest"
    if not see:
        name += ".nowhere"
    return _place_block(translate(language, name, see=see, count=missing), see)


def see_block(see: str, language: Language) -> Block:
    """Where all can be seen that a message tells of, of which it leaves nothing out."""
    return _place_block(translate(language, "alert.see", see=see), see)


def _place_block(text: str, see: str) -> Block:
    return Block("rest", text, see if "://" in see else None)


def _parts_of(blocks: Sequence[Block]) -> Iterator[_Part]:
    heading: Block | None = None
    items: list[Block] = []
    for block in (*blocks, _END):
        if block.kind == "item":
            items.append(block)
            continue
        if heading is not None or items:
            yield _list_part(heading, items)
        heading, items = (block if block.kind == "heading" else None), []
        if block.kind not in ("heading", "rest"):
            yield _Part(block.kind, (block,))


def _list_part(heading: Block | None, items: Sequence[Block]) -> _Part:
    """A list, in which no entry is long by itself."""
    entries = tuple(_cut_block(block, LONGEST_ENTRY) for block in items if not block.more)
    return _Part("list", entries, heading, sum(block.more for block in items))


def _cut_block(block: Block, most: int) -> Block:
    return block._replace(text=cut_middle(block.text, most))
