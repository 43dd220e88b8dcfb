"""A name in a command that is printed arrives in sh as it is, and runs nothing."""

from __future__ import annotations

import subprocess

import pytest

from tracker.i18n.shell_words import shell_word
from tracker.i18n.translate import LANGUAGES, translate

NAMES = (
    "legal",
    "Legal team",
    "o'brien & co; $(touch pwned)",
    "`touch pwned`",
    'the "boss"',
    "a\\b",
    "$HOME",
    "now!",
    "-x",
    "*",
    "法務",
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_printed_command_names_in_sh_whom_it_means(language: str, name: str) -> None:
    word = shell_word(name)
    for sentence in ("stray.advice.old", "stray.advice.nobody", "run.stray-nobody"):
        text = translate(
            language,
            sentence,
            recipient="R",
            word=word,
            channels="C",
            name="N",
            channel="",
            count=2,
        )
        assert f"tracker alerts drop --recipient {word}" in text
    script = f"printf '<%s>' {word}"
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, check=True, text=True)
    assert done.stdout == f"<{name}>"
    assert f"tracker alerts test {word}" in translate(language, "doctor.advice.sample", word=word)
