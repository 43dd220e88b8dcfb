"""Whether a quote stands in its source's text, word for word; else the passage most like it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Literal, NamedTuple

from tracker.failures.extras import libraries_of

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_CJK = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60"
_BESIDE_CJK = re.compile(rf"(?<=[{_CJK}]) | (?=[{_CJK}])")
#: NFKC writes "…" as three full stops.
_ELLIPSIS = re.compile(r" ?\[?\.{3,}\]? ?")
#: A word; in Japanese, which has no spaces, a character.
_TOKEN = re.compile(rf"[^\W{_CJK}]+|\s|.", re.DOTALL)

#: So many pieces of a quote are looked for, each of so many characters, and so often at most.
_PIECES, _LENGTH, _HITS = 48, 6, 200

#: The longest stretch of a quote that is aligned at once, in characters.
_STRETCH = 600


class Piece(NamedTuple):
    """A stretch of text that both have, or only the quote, or only the source."""

    kind: Literal["both", "quote", "source"]
    text: str


class Passage(NamedTuple):
    """The passage of a source that is most like a quote, and how the two differ."""

    text: str
    likeness: float  #: from 0 to 1
    pieces: tuple[Piece, ...]

    @property
    def marked_text(self) -> str:
        """Both in one text: `[-only in the quote-]`, `{+only in the source+}`."""
        marks = {"both": "{}", "quote": "[-{}-]", "source": "{{+{}+}}"}
        return "".join(marks[piece.kind].format(piece.text) for piece in self.pieces)


def comparable_text(text: str) -> str:
    """The text as it is compared: normalised, with each run of white space as one space.

    NFKC, since a copied PDF has ligatures and a Japanese page full- or half-width forms of the same
    characters; curly and straight quotation marks stay different. Spaces and line breaks beside
    Japanese say nothing, and are dropped.

    >>> comparable_text("ﬁrst\\n  half of  ２０３０")
    'first half of 2030'
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return _BESIDE_CJK.sub("", " ".join(text.split()))


def compare_quote(quote: str, source: str) -> Passage | None:
    """None where the quote stands in the source; else the passage most like it.

    Raises MissingLibrariesError where it does not, and nothing here can look for the passage.

    Both are comparable_text(). Parts on either side of an ellipsis are found one after the other.
    The passage is that of the first part that is not there.
    """
    if quote in source:
        return None
    parts = [piece for part in _ELLIPSIS.split(quote) if part for piece in _stretches(part)]
    start = 0
    for part in parts:
        at = source.find(part, start)
        if at < 0:
            return _nearest(part, source)
        start = at + len(part)
    return None if parts else Passage("", 0.0, (Piece("quote", quote),))


def _stretches(part: str) -> Iterator[str]:
    """A long part as stretches that can be looked for: alignment costs the square of its length."""
    start = 0
    while len(part) - start > 2 * _STRETCH:
        space = part.rfind(" ", start, start + _STRETCH)
        end = space if space > start else start + _STRETCH
        yield part[start:end]
        start = end
    yield part[start:]


def _nearest(part: str, source: str) -> Passage:
    """Where most pieces of the quote stand together, narrowed down to what aligns best."""
    with libraries_of("sources"):
        from rapidfuzz import fuzz

    best = Passage("", 0.0, (Piece("quote", part),))
    for start, end in _candidates(part, source):
        window = source[start:end]
        match = fuzz.partial_ratio_alignment(part, window, score_cutoff=best.likeness * 100)
        if match is None or match.score / 100 <= best.likeness:
            continue
        text = _whole_words(window, match.dest_start, match.dest_end)
        best = Passage(text, match.score / 100, _trim(list(_pieces(part, text))))
    return best


def _candidates(part: str, source: str) -> Iterator[tuple[int, int]]:
    """The stretches of the source that hold most pieces of the quote, the best first."""
    length = len(part)
    votes: Counter[int] = Counter()
    step = max(1, (length - _LENGTH) // _PIECES)
    for at in range(0, max(1, length - _LENGTH + 1), step):
        piece = part[at : at + _LENGTH]
        place = source.find(piece)
        for _ in range(_HITS):
            if place < 0:
                break
            votes[max(0, place - at) // length] += 1
            place = source.find(piece, place + 1)
    for bucket, _ in votes.most_common(3):
        yield max(0, (bucket - 1) * length), (bucket + 3) * length


def _whole_words(text: str, start: int, end: int) -> str:
    """The stretch, widened to whole words."""
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    inside = [(first, last) for first, last in tokens if first < end and last > start]
    return text[inside[0][0] : inside[-1][1]].strip() if inside else ""


def _trim(pieces: list[Piece]) -> tuple[Piece, ...]:
    """The difference without what the source has before and behind it."""
    if len(pieces) > 1 and pieces[0].kind == "source" and pieces[1].kind == "both":
        del pieces[0]
    if len(pieces) > 1 and pieces[-1].kind == "source" and pieces[-2].kind == "both":
        del pieces[-1]
    return tuple(pieces)


def _pieces(quote: str, passage: str) -> Iterator[Piece]:
    from rapidfuzz.distance import Indel

    quote_tokens, source_tokens = _TOKEN.findall(quote), _TOKEN.findall(passage)
    in_quote = in_source = ""
    for step in Indel.opcodes(quote_tokens, source_tokens):
        if step.tag == "equal":
            yield from _difference(in_quote, in_source)
            in_quote = in_source = ""
            yield Piece("both", "".join(quote_tokens[step.src_start : step.src_end]))
        else:
            in_quote += "".join(quote_tokens[step.src_start : step.src_end])
            in_source += "".join(source_tokens[step.dest_start : step.dest_end])
    yield from _difference(in_quote, in_source)


def _difference(in_quote: str, in_source: str) -> Iterator[Piece]:
    if in_quote:
        yield Piece("quote", in_quote)
    if in_source:
        yield Piece("source", in_source)
