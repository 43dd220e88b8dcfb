"""Where a library of an extra is missing, a line says what to install, as tracker was installed."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

from tracker.failures.extras import MissingLibrariesError, libraries_of


def _refusal() -> str:
    with pytest.raises(MissingLibrariesError) as refused, libraries_of("postgres"):
        import_module("psycopg_of_nobody")
    return refused.value.reason.text("en")


def test_the_line_names_the_libraries_of_the_extra_and_pips_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pip.py").touch()  # this environment may have been made without it
    monkeypatch.syspath_prepend(tmp_path)

    line = _refusal()

    assert "(procrastinate, prometheus-client, psycopg)" in line
    assert line.endswith(f'"{sys.executable}" -m pip install "tracker[postgres]"')


def test_of_what_pipx_installed_the_command_is_pipxs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "tracker"
    home.mkdir()
    (home / "pipx_metadata.json").write_text("{}")
    monkeypatch.setattr(sys, "prefix", str(home))

    command = _refusal().partition("to install it: ")[2]

    assert command.startswith('pipx inject --force "tracker" "procrastinate')
    assert '"psycopg[binary]' in command
    assert '"prometheus-client' in command


def test_of_what_uv_installed_the_command_is_uvs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "uv-receipt.toml").touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))

    assert _refusal().endswith(f'uv pip install --python "{tmp_path}" "tracker[postgres]"')


def test_a_fault_of_tracker_itself_is_none_of_a_missing_library() -> None:
    with pytest.raises(ModuleNotFoundError) as raised, libraries_of("import"):
        import_module("tracker.nowhere")

    assert not isinstance(raised.value, MissingLibrariesError)
