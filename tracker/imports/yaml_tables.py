"""YAML that others wrote: mappings, lists and texts, within bounds; nothing is made of a tag.

Each scalar stays the text that stands there: whether `no`, `1_000` or `23:59` is a text, YAML 1.1
and 1.2 do not agree on, and who wrote it meant what he wrote. Built from the parser's events, one
after another: an alias is the same table again, and never a copy, however many there are. Who reads
the tables then comes by each of them as often as it is named: so all that aliases repeat is counted
as well, for ten lines that each name the line before ten times state as much as a disk can hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from tracker.failures.extras import libraries_of
from tracker.imports.foreign import ForeignFile, ForeignPlace, Unreadable
from tracker.imports.texts import file_text

if TYPE_CHECKING:
    import yaml

#: Ten times the largest file that a site of deadlines has; it takes some seconds.
_MOST_BYTES = 5_000_000
_MOST_EVENTS = 1_000_000
#: What aliases may repeat in all: values, and so many signs of a text for one more. The defaults
#: that a site's entries share are a few for each.
_MOST_REPEATED = 50_000
_LOT = 100
_MOST_DEPTH = 30

#: A text, a list, or a mapping; None: nothing stands there.
YamlValue: TypeAlias = "str | list[YamlValue] | YamlTable | None"


class YamlTable(dict[str, Any]):
    """A mapping, with where it begins and what is not sound about it."""

    line: int = 1
    doubled: tuple[str, ...] = ()  #: keys that stand in it twice
    merged: bool = False  #: whether it takes others in by `<<`


class YamlText(NamedTuple):
    """What was read of a text."""

    value: YamlValue
    broken: ForeignPlace | None  #: where the rest of it could not be read
    tagged: bool  #: whether a tag was passed over


def read_yaml(file: ForeignFile) -> YamlText:
    """The first document. Raises Unreadable where nothing is left."""
    with libraries_of("import"):
        import yaml

    text = file_text(file, _MOST_BYTES)
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if builder.take(event):
                break
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return _so_far(builder, ForeignPlace("line", mark.line + 1 if mark else 1))
    except RecursionError:
        raise Unreadable("too-deep") from None
    return YamlText(builder.root, None, builder.tagged)


def _so_far(builder: _Builder, place: ForeignPlace) -> YamlText:
    """What was whole before the text broke: of a list, all entries but the one that it broke in."""
    root = builder.root
    if not isinstance(root, list) or not root:
        raise Unreadable("no-yaml", place=place)
    if builder.depth > 1:
        root.pop()
    if not root:
        raise Unreadable("no-yaml", place=place)
    return YamlText(root, place, builder.tagged)


class _Builder:
    """Puts the values together, with a stack of its own."""

    def __init__(self) -> None:
        self.root: YamlValue = None
        self.tagged = False
        self._open: list[list[YamlValue] | YamlTable] = []
        self._keys: list[str | None] = []  # of each mapping that is open, the key that waits
        self._anchors: dict[str, YamlValue] = {}
        self._sizes: dict[str, int] = {}  # of what each anchor stands for, what it repeats included
        self._begun: list[
            tuple[str | None, int]
        ] = []  # the anchor of what is open, the size before
        self._count = 0
        self._size = 0
        self._repeated = 0

    @property
    def depth(self) -> int:
        """How many lists and mappings are open."""
        return len(self._open)

    def take(self, event: yaml.Event) -> bool:
        """Takes the next event; whether the document is over with it."""
        import yaml

        self._count += 1
        if self._count > _MOST_EVENTS:
            raise Unreadable("too-much")
        match event:
            case yaml.ScalarEvent():
                self.tagged |= bool(event.tag and event.tag != "!")
                is_nothing = event.implicit[0] and event.value in ("", "~", "null")
                size = 1 + len(event.value) // _LOT
                self._size += size
                if event.anchor is not None:
                    self._sizes[event.anchor] = size
                self._put(None if is_nothing else event.value, event.anchor)
            case yaml.AliasEvent():
                if event.anchor not in self._anchors:
                    raise Unreadable("no-yaml", place=ForeignPlace("line", _line(event)))
                self._repeat(event.anchor)
                self._put(self._anchors[event.anchor], None)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._begin(event)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._open.pop()
                self._keys.pop()
                anchor, before = self._begun.pop()
                if anchor is not None:
                    self._sizes[anchor] = self._size - before
            case yaml.DocumentEndEvent():
                return self.root is not None
            case _:  # the beginnings of the stream and of a document, and the stream's end
                pass
        return False

    def _begin(self, event: yaml.SequenceStartEvent | yaml.MappingStartEvent) -> None:
        import yaml

        self.tagged |= bool(event.tag and event.tag != "!")
        if len(self._open) >= _MOST_DEPTH:
            raise Unreadable("too-deep")
        value: list[YamlValue] | YamlTable = []
        if isinstance(event, yaml.MappingStartEvent):
            value = YamlTable()
            value.line = _line(event)
        self._put(value, event.anchor)
        if event.anchor is not None:
            self._sizes.pop(event.anchor, None)  # a name that is given anew
        self._begun.append((event.anchor, self._size))
        self._size += 1
        self._open.append(value)
        self._keys.append(None)

    def _repeat(self, anchor: str) -> None:
        """Counts what an alias repeats; of what is still open, so much as it has until here."""
        size = self._sizes.get(anchor)
        if size is None:
            size = self._size - next(before for name, before in self._begun[::-1] if name == anchor)
        self._size += size
        self._repeated += size
        if self._repeated > _MOST_REPEATED:
            raise Unreadable("too-much")

    def _put(self, value: YamlValue, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = value
        if not self._open:
            self.root = value
            return
        holder = self._open[-1]
        if isinstance(holder, list):
            holder.append(value)
        elif self._keys[-1] is None:
            self._keys[-1] = value if isinstance(value, str) else "?"
        else:
            key, self._keys[-1] = self._keys[-1], None
            if key == "<<":
                _merge(holder, value)
            elif key in holder and not holder.merged:
                holder.doubled = (*holder.doubled[:4], key)
            else:
                holder[key] = value


def _merge(holder: YamlTable, value: YamlValue) -> None:
    """`<<: *defaults`: what it has not itself, it has from there, of several from the first."""
    holder.merged = True
    for source in value if isinstance(value, list) else [value]:
        if isinstance(source, YamlTable) and source is not holder:
            for key, inherited in source.items():
                holder.setdefault(key, inherited)


def _line(event: yaml.Event) -> int:
    return int(event.start_mark.line) + 1 if event.start_mark else 1
