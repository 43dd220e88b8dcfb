"""Moving along the tokens of a line, and saying what is wrong where the reading stops."""

from __future__ import annotations

from typing import NoReturn

from tracker.dates.diagnostics import LineError, expected_diagnostic
from tracker.dates.expressions import Span
from tracker.dates.tokens import Token, tokens_of


class Cursor:
    """The tokens of a line, and how far they have been read."""

    def __init__(self, line: str, helpful: bool) -> None:
        self.text = line
        self.helpful = helpful
        self.tokens = tokens_of(line)
        self.at = 0
        self.depth = 0  #: how deep operands lie in one another

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    @property
    def following(self) -> Token:
        return self.tokens[min(self.at + 1, len(self.tokens) - 1)]

    def advance(self) -> Token:
        token = self.token
        self.at += 1
        return token

    def since(self, start: int) -> Span:
        """From there to the end of the token read last."""
        return start, self.tokens[self.at - 1].end

    def refuse(self, expected: str) -> NoReturn:
        """Raises the diagnostic that helps most at this token, where `expected` should stand."""
        if not self.helpful:
            found, at_end = self.token.text, self.token.kind == "end"
            raise LineError(expected_diagnostic(expected, found, self.token.span, at_end))
        # What documents write is loaded only to refuse it: a line that is read does not pay for it.
        from tracker.dates.suggestions.rules import refusals

        diagnostics = refusals(self.text, self.tokens, self.at, expected)
        raise LineError(next(diagnostics), diagnostics)

    def skip(self, word: str) -> None:
        """Goes past that word; refuses any other."""
        if not self.token.is_word(word):
            self.refuse(word)
        self.advance()

    def expect_end(self) -> None:
        if self.token.kind != "end":
            self.refuse("end")
