"""How a file begins: what tells its format, whatever its name, its letters and what stands before.

A format is known by the keys that its program writes. They are looked for where JSON and YAML have
keys, in block form and in flow form: so neither a first sign nor the layout decides.
"""

from __future__ import annotations

import codecs
import re

#: A first entry with a long text stands in it; of a long calendar it costs next to nothing.
_LOOKED_AT = 300_000
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_ARCHIVE = b"PK\x03\x04"
_KEY = re.compile(
    r"(?:^[^\S\n]*+(?:-[ \t]++)*+|[{,]\s*+|^[ \t]*+-[ \t]*+\{\s*+)"
    r"(?:\"(?P<in_two>[^\"\\\n]{1,60}+)\"\s*+:"
    r"|'(?P<in_one>[^'\n]{1,60}+)'[ \t]*+:(?=\s|\Z)"
    r"|(?P<bare>[A-Za-z_][\w -]{0,60}?)[ \t]*+:(?=\s|\Z))",
    re.MULTILINE,
)
#: A document's first line that is no comment, directive or mark (YAML 1.2, section 9.2).
_DOCUMENT = re.compile(
    r"(?:\s*+(?:#|%|---[^\S\n]*+(?:#|$))[^\n]*+\n)*+\s*+(?:---[ \t]++)?"
    r"(?:[\[{&!]|-\s|[\"']?[\w .-]{1,60}[\"']?[ \t]*:(?:\s|\Z))",
    re.MULTILINE,
)
_JSON = re.compile(r"\s*+[\[{](?:\s*+[\[{])*+\s*+(?:[\]}\"0-9-]|true|false|null|\Z)")


def letters_of(content: bytes) -> tuple[str, bytes]:
    """The encoding of a text, and the mark that says so; UTF-8 where nothing does.

    UTF-16 without a mark shows by its zeros, where it begins with signs of ASCII (RFC 4627, 3).

    >>> letters_of(b"[\\0{\\0"), letters_of(b"\\xef\\xbb\\xbf[]"), letters_of(b"[]")
    (('utf-16-le', b''), ('utf-8', b'\\xef\\xbb\\xbf'), ('utf-8', b''))
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return encoding, mark
    zeros = [not byte for byte in content[:4]]
    if zeros == [False, True, False, True]:
        return "utf-16-le", b""
    if zeros == [True, False, True, False]:
        return "utf-16-be", b""
    return "utf-8", b""


def head_of(content: bytes) -> str:
    """The beginning of a text, without its mark; nothing of an archive."""
    if content.startswith(_ARCHIVE):
        return ""
    encoding, mark = letters_of(content)
    return content[len(mark) : _LOOKED_AT].decode(encoding, "replace")


def keys_in(text: str) -> frozenset[str]:
    """The keys that stand in JSON or YAML, at whatever depth; none of what begins otherwise.

    >>> sorted(
    ...     keys_in("# a: b\\n- {title: X, 'year': 2027}\\n- cfp: 23:59")
    ...     | keys_in('[{"uuid":"1","n":2}]')
    ... )
    ['cfp', 'n', 'title', 'uuid', 'year']
    >>> keys_in('Title,Note\\nRent,"year: 2027\\ncfp: x"')
    frozenset()
    """
    if _DOCUMENT.match(text) is None:
        return frozenset()
    return frozenset(
        match["in_two"] or match["in_one"] or match["bare"] for match in _KEY.finditer(text)
    )


def is_json(text: str) -> bool:
    """Whether a list or an object begins it, with what JSON has within (RFC 8259, section 2).

    >>> [is_json(text) for text in (' [{"a": 1}]', "[{a: 1}]", "[]", "- {a: 1}")]
    [True, False, True, False]
    """
    return _JSON.match(text) is not None


def ending_of(name: str) -> str:
    """What a file or the last part of an address is called by behind its last point.

    >>> [ending_of(name) for name in ("A.ICS", "https://x.org/plan.csv?x=1.2", "a.ics.gz", "plan")]
    ['.ics', '.csv', '.ics', '']
    """
    path = re.split(r"[?#]", name, maxsplit=1)[0] if "://" in name else name
    last = re.split(r"[/\\]", path.rstrip("/"))[-1].casefold().removesuffix(".gz")
    _, point, ending = last.rpartition(".")
    return f".{ending}" if point else ""
