"""Nothing is promised of a record that cannot be kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calls import Caller

FILE = 'id = "a"\n[[event]]\nid = "x"\ntitle = "X"\nwhen = "open"\n'


@pytest.mark.parametrize("is_kept", [True, False])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_cannot_be_remembered_is_not_said_to_be_taken_back_by_undo(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    is_kept: bool,
    language: str,
) -> None:
    call = Caller(tmp_path, monkeypatch, capsys)
    file = call.write("events.toml", FILE)
    if not is_kept:
        monkeypatch.setenv("XDG_STATE_HOME", str(call.write("no-folder", "")))

    called = call("occurred", "x", "2026-01-01", "--yes", "--lang", language)

    assert called.code == 0
    assert "occurred = 2026-01-01" in file.read_text()
    assert ("--undo" in called.err) == is_kept
    assert (call("occurred", "--undo", "--yes").code == 0) == is_kept


def test_a_variable_that_is_no_text_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call = Caller(tmp_path, monkeypatch, capsys)
    call.write("events.toml", FILE)
    call.write("tracker.toml", '[webhook]\nsecret = "env:HOOK_SECRET"\n')
    monkeypatch.setenv("HOOK_SECRET", "\udcff" * 40)

    called = call("run", "--until-idle")

    assert called.code == 1
    assert "what the variable HOOK_SECRET is set to is no text in UTF-8" in called.err
