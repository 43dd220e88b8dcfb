"""What a shell completes: answered by little code, from files as they are, evaluated by no shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.calls import Caller
from tracker.cli.completion.call_table import make_table
from tracker.cli.completion.scripts import SCRIPTS
from tracker.cli.completion.words import place_in_line, words_for

TABLE = make_table("en")

FILE = r"""
id = "lease"
timezone = "Europe/Berlin"

[sources.contract]
title = "Contract"

[[event]]
id = "term"
title = { en = "Term of the lease", ja = "期間" }
starts = "2030-01-01"
lasts = "5 years"
tags = ["Rent & co", "$(touch owned)", "tax"]

[[event]]
id = "report"
title = "Report"
note = '''
[[event]]
id = "no-event"
'''
when = "30 days after end of term"
parties = [
    "Tenant",  # a comment
    "Landlord's",
]

[[event]]
id = "broken
"""


@pytest.fixture
def folder(call: Caller) -> Path:
    call.write("events.toml", FILE)
    return call.folder


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("tracker wha", ["what-if"]),
        ("tracker list --as", ["--as-of"]),
        ("tracker --lang ", ["en", "ja"]),
        ("tracker --lang=j", ["--lang=ja"]),
        ("tracker show ", ["term", "report"]),
        ("tracker --as-of 2030-01-01 show re", ["report"]),
        ("tracker occurred ", ["start of term", "end of term", "report"]),
        ('tracker occurred "end', ["end of term"]),
        ("tracker occurred end\\ of", ["end of term"]),
        ("tracker what-if rep", [":nospace", "report="]),
        ("tracker what-if report=n", ["report=never"]),
        ("tracker occurred report t", ["today", "tomorrow"]),
        ("tracker feed --tag ", ["Rent & co", "$(touch owned)", "tax"]),
        ("tracker feed --party L", ["Landlord's"]),
        ("tracker feed --form a", ["atom"]),
        ("tracker add x T --agreement ", ["lease"]),
        ("tracker add x T --source c", ["contract"]),
        ("tracker add ", []),
        ("tracker --timezone Europe/Berl", ["Europe/Berlin"]),
        ("tracker -f ", [":files"]),
        ("tracker -f none.toml show ", []),
        ("tracker help", ["help"]),
    ],
)
def test_at_each_place_of_a_call_what_can_stand_there(
    line: str, words: list[str], folder: Path
) -> None:
    assert [word for word, _ in words_for(place_in_line(line), TABLE)] == words


def test_an_id_has_its_title_beside_it(folder: Path) -> None:
    rows = dict(words_for(place_in_line("tracker show "), TABLE))

    assert rows == {"term": "Term of the lease", "report": "Report"}


def test_a_control_sign_reaches_no_shell(folder: Path) -> None:
    (folder / "events.toml").write_text(
        '[[event]]\nid = "x"\ntags = ["a\x1b]0;b", "c"]\ntitle = "T\x1b[2J"\n'
    )

    assert list(words_for(place_in_line("tracker feed --tag "), TABLE)) == [("c", "")]
    assert list(words_for(place_in_line("tracker show "), TABLE)) == [("x", "T [2J")]


def environment(folder: Path) -> dict[str, str]:
    """One in which `tracker` is this one."""
    (folder / "bin").mkdir()
    program = folder / "bin" / "tracker"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m tracker "$@"\n')
    program.chmod(0o755)
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    root = str(Path(__file__).parents[2])
    own = {"PATH": path, "PYTHONPATH": root, "HOME": str(folder), "TERM": "dumb"}
    return {**os.environ, **own}


def test_bash_inserts_each_word_as_one_and_runs_none(folder: Path) -> None:
    script = SCRIPTS["bash"][0] + (
        "\ncomplete_at() { COMP_LINE=$1 COMP_POINT=${#1}; _tracker_words 2>/dev/null; }\n"
        'complete_at "tracker feed --tag "\n'
        "eval \"printf '%s\\n' ${COMPREPLY[*]}\"\n"
        'complete_at "tracker --lang=j"; echo "${COMPREPLY[@]}"\n'
    )

    done = subprocess.run(
        [shutil.which("bash") or "bash", "--norc", "-c", script],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment(folder),
        check=True,
    )

    assert done.stdout.splitlines() == ["Rent & co", "$(touch owned)", "tax", "ja"]
    assert not (folder / "owned").exists()


#: fish says what it would offer; zsh, at a terminal of its own, inserts it at a Tab.
_ASKED = {
    "fish": """
complete -C "tracker show "
complete -C "tracker feed --tag "
""",
    "zsh": r"""
zmodload zsh/zpty
zpty z 'zsh -f -i'
zpty -w z 'PS1=; stty -echo; autoload -Uz compinit; compinit -D -u; source zsh.script'
zpty -w z 'bindkey "^I" complete-word; compdef _tracker got; got() { print -r -- "<${(j:|:)@}>" }'
zpty -w z 'print READY-$((1+1))'
zpty -r z out '*READY-2*'
for begun in 'show te' 'feed --tag R' 'feed --tag \$'; do
    zpty -w -n z "got $begun"$'\t; print DONE-$((1+1))\n'
    zpty -r z out '*DONE-2*'
    print -r -- $out
done
""",
}
_ANSWERED = {
    "fish": ["term\tTerm of the lease", "Rent & co", "$(touch owned)"],
    "zsh": ["<show|term>", "<feed|--tag|Rent & co>", "<feed|--tag|$(touch owned)>"],
}


def test_zsh_and_fish_insert_each_word_as_one_and_run_none(folder: Path) -> None:
    """Those that are there; `make test` installs them where it may."""
    own = environment(folder)
    for shell in filter(shutil.which, _ASKED):
        script = SCRIPTS[shell][0]
        (folder / f"{shell}.script").write_text(script)
        begun = "source fish.script\n" if shell == "fish" else ""

        done = subprocess.run(
            [shell, "--no-config" if shell == "fish" else "-f", "-c", begun + _ASKED[shell]],
            capture_output=True,
            text=True,
            cwd=folder,
            env=own,
            timeout=60,
            check=True,
        )

        for answer in _ANSWERED[shell]:
            assert answer in done.stdout, shell
        assert not (folder / "owned").exists()


def test_a_tab_loads_nothing_that_reads_dates_or_toml(folder: Path) -> None:
    code = (
        "import sys; from tracker.cli import call; "
        "call(['completion', 'words', 'bash', 'tracker show ']); "
        "call(['completion', 'words', 'bash', 'tracker show ']); "
        "print(*sys.modules, file=sys.stderr)"
    )
    ask = [sys.executable, "-c", code]
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": root}
    subprocess.run(ask, cwd=folder, env=environment, check=True, capture_output=True)  # makes it

    done = subprocess.run(
        ask, cwd=folder, env=environment, check=True, capture_output=True, text=True
    )

    loaded = set(done.stderr.split())
    assert done.stdout.split() == ["term", "report"] * 2
    assert not {"typer", "tomllib", "tracker.dates", "tracker.agreements"} & loaded
    assert len([name for name in loaded if name.startswith("tracker")]) < 12


@pytest.mark.parametrize("shell", SCRIPTS)
def test_each_shell_has_its_script(shell: str, call: Caller) -> None:
    called = call("completion", shell)

    assert (called.code, called.out) == (0, SCRIPTS[shell][0])


def test_another_shell_is_refused_with_those_that_there_are(call: Caller) -> None:
    called = call("completion", "csh")

    assert called.code == 2
    assert "bash, zsh, fish, powershell" in called.err
