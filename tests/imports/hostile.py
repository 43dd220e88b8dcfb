"""Broken and hostile files of a form, made from a good one: some are kinds of damage, some are traps."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any

#: In the place of any value.
_ODD_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 10**18, 1.5, "", " ", [], {}, [[[]]], {"a": {"b": 1}}, "0000-00-00",
    "9999-12-31T23:59:59Z", "99991231T235959Z", "0001-01-01T00:00:00+14:00", "2027-02-30",
    "<b>bold</b>", "=cmd|' /C calc'!A0", "\x00\x07\x1b[2J", "\u202eevil\u202c", "\ud800", "x" * 5000,
    "2027-13-01 25:61:61", "-".join("a" * 300), "№ 契約 🚀", "line\nline\u2028line", "open", "each x",
)  # fmt: skip
_HTML = b"<!DOCTYPE html><html><head><title>404 Not Found</title></head><body>No such page</body></html>"
_BYTES = (b"\0", b"\xff\xfe\xfa", b"\x1a", b"\xe2\x80\xae", b"\xc3\x28", b"\r", b"\x85")


def hostile_json(good: bytes) -> Iterator[tuple[str, bytes]]:
    """A hundred or so; each with a name."""
    yield from damaged(good)
    whole = json.loads(good)
    for path in _paths(whole):
        value = _ODD_VALUES[hash_of(path) % len(_ODD_VALUES)]
        yield f"{path} is {str(value)[:20]!r}", json.dumps(_with(whole, path, value)).encode()
    for value in _ODD_VALUES:
        yield f"alone {str(value)[:20]!r}", json.dumps([value, whole]).encode()
    text = good.decode()
    yield "not a number", re.sub(r":\s*(false|null)", ": NaN", text).encode()
    yield "a huge number", re.sub(r":\s*(false|null|0)\b", ": 1" + "0" * 5000, text).encode()
    yield "infinity", re.sub(r":\s*(false|null|0)\b", ": 1e999", text).encode()
    yield "keys twice", re.sub(r'("\w+":\s*"[^"]*")', r"\1,\1", text).encode()
    yield "deep", b"[" * 100_000 + good
    yield "deep and closed", b"[" * 5000 + good + b"]" * 5000
    yield "deep tables", b'{"a":' * 20_000 + good
    yield "many lists", b"[" + b"[]," * 100_000 + good + b"]"


def hostile_yaml(good: bytes) -> Iterator[tuple[str, bytes]]:
    """A hundred or so; each with a name."""
    yield from damaged(good)
    lines = good.decode().splitlines()
    for number, line in enumerate(lines):
        value = str(_ODD_VALUES[hash_of(line) % len(_ODD_VALUES)])
        changed = f"{line.partition(':')[0]}: {json.dumps(value)}" if ":" in line else value
        yield (
            f"line {number} is {value[:20]!r}",
            "\n".join([*lines[:number], changed, *lines[number + 1 :]]).encode("utf-8", "replace"),
        )
    bomb = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    yield "aliases", ("a0: &a0 [lol]\n" + "\n".join(bomb)).encode() + b"\nconferences:\n" + good
    yield "an alias of itself", b"&a\n- *a\n" + good
    yield "an unknown alias", good + b"\n- *nowhere\n"
    yield "python", b"- !!python/object/apply:os.system ['touch /tmp/never']\n" + good
    yield "tags", good.replace(b"title: ", b"title: !!binary ").replace(b"year: ", b"year: !!set ")
    yield (
        "merges",
        b"- &d {year: 2027, deadline: '2027-01-01 10:00'}\n"
        + re.sub(rb"(?m)^( *)year:", rb"\1<<: {year: '2026'}\n\1year:", good),
    )
    yield "a merge of itself", b"- &m\n  <<: *m\n  year: 2027\n  deadline: x\n" + good
    yield "keys twice", re.sub(rb"(?m)^( +)(year: .*)$", rb"\1\2\n\1\2", good)
    yield "deep", good + b"\n- " + b"[" * 50_000
    yield "deep blocks", good + b"\n" + b"".join(b" " * n + b"-\n" for n in range(1, 1500))
    yield "lists in lists", good + b"\n" + b"- " * 20_000 + b"x\n"
    yield "a key of lists", b"? [a, {b: c}]\n: d\n" + good
    yield "many documents", b"\n---\n".join([good] * 50)
    yield "tabs", good.replace(b"  ", b"\t")
    yield "directives", b"%YAML 9.9\n%TAG ! tag:x,2000:\n---\n" + good
    yield "many anchors", b"".join(b"- &a%d x\n" % n for n in range(20_000)) + good


def damaged(good: bytes) -> Iterator[tuple[str, bytes]]:
    """What befalls any file."""
    yield "empty", b""
    yield "white", b" \n\t\n "
    yield "zeros", bytes(5000)
    yield "a page instead", _HTML
    yield "a page behind", good + _HTML
    yield "a page before", _HTML + good
    yield "twice", good + good
    yield "UTF-16", good.decode().encode("utf-16")
    yield "UTF-32", good.decode().encode("utf-32")
    yield "a mark alone", b"\xef\xbb\xbf"
    yield "a mark", b"\xef\xbb\xbf" + good
    yield "CR LF", good.replace(b"\n", b"\r\n")
    yield "packed", b"\x1f\x8b\x08\0\0\0\0\0" + good
    yield "a long end", good + b"#" * 200_000
    dice = Random(24)
    for _ in range(25):
        at = dice.randrange(len(good))
        yield f"cut at {at}", good[:at]
        yield f"begun at {at}", good[at:]
        sign = dice.choice(_BYTES)
        yield f"{sign!r} at {at}", good[:at] + sign + good[at:]
        end = min(at + dice.randrange(1, 60), len(good))
        yield f"gap at {at}", good[:at] + good[end:]


def hash_of(path: object) -> int:
    """The same in every process."""
    return sum(ord(sign) * at for at, sign in enumerate(str(path), 1))


def _paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if at:
        yield at
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in keys:
        yield from _paths(value[key], (*at, key))


def _with(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    changed = value.copy()
    changed[path[0]] = _with(value[path[0]], path[1:], new)
    return changed
