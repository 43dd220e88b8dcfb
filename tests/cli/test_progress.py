"""What long work says of itself while it lasts, on a terminal and in a pipe."""

from __future__ import annotations

import io
from contextlib import redirect_stderr

import pytest

from tracker.cli.progress import shown_progress
from tracker.i18n.progress import each


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    return Terminal()


def work(language: str, seconds_each: float, parts: int, stop_at: int | None = None) -> None:
    now = 0.0
    with shown_progress(language, lambda: now) as progress:
        for part in each(progress, "pages", range(parts)):
            if part == stop_at:
                raise KeyboardInterrupt
            now += seconds_each


def test_what_is_done_at_once_is_not_spoken_of(capsys: pytest.CaptureFixture[str]) -> None:
    work("en", 0.001, 500)

    assert capsys.readouterr() == ("", "")


def test_in_a_pipe_long_work_says_how_far_it_is_on_lines_some_seconds_apart(
    capsys: pytest.CaptureFixture[str],
) -> None:
    work("en", 0.25, 40)

    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == ["Making the pages: 4 of 40", "Making the pages: 24 of 40"]


def test_in_japanese_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    work("ja", 1, 3)

    assert capsys.readouterr().err == "ページを作成しています：1 / 3\n"


def test_on_a_terminal_there_is_a_bar_which_leaves_nothing_behind(terminal: Terminal) -> None:
    with redirect_stderr(terminal):
        work("en", 1, 160)

    drawn = terminal.getvalue()
    assert "Making the pages" in drawn
    assert "160/160" in drawn
    assert drawn.endswith("\x1b[2K")  # the line is wiped
    assert "\x1b[?25h" in drawn  # and the cursor is seen again


def test_the_bar_goes_where_the_work_is_stopped(terminal: Terminal) -> None:
    with pytest.raises(KeyboardInterrupt), redirect_stderr(terminal):
        work("en", 1, 160, stop_at=100)

    assert "\x1b[?25h" in terminal.getvalue()


def test_no_color_is_honoured(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    with redirect_stderr(terminal):
        work("en", 1, 160)

    assert "\x1b[3" not in terminal.getvalue()


def test_a_terminal_that_cannot_draw_has_lines(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")

    with redirect_stderr(terminal):
        work("en", 1, 3)

    assert terminal.getvalue() == "Making the pages: 1 of 3\n"
