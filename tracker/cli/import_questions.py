"""What an import leaves open is asked on a terminal, once for all that one answer settles."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterable

from tracker.cli.import_preview import question_text
from tracker.cli.import_values import ReadSource
from tracker.cli.questions import ask, ask_line
from tracker.i18n.translate import Language, translate
from tracker.imports.foreign import Question

#: Stands in an answer for what only the asked one knows: `--map project-start=DAY`.
_TO_BE_SAID = re.compile(r"=(DAY|ID|NAME|LINE|ZONE)$")


def ask_questions(
    sources: Iterable[ReadSource], language: Language, left_open: set[Question]
) -> tuple[tuple[str, str], ...]:
    """What was answered, as `--map` takes it; what was not is left open, and not asked again."""
    answers: dict[str, str] = {}
    for source in sources:
        for question in source.content.questions:
            if question in left_open:
                continue
            print(question_text(source, question, language), file=sys.stderr)
            answer = _ask_one(question, language)
            if answer is None:
                left_open.add(question)
                continue
            key, _, value = answer.partition("=")
            answers[key] = value
    return tuple(answers.items())


def _ask_one(question: Question, language: Language) -> str | None:
    choices = [shlex.split(answer.removeprefix("--map "))[0] for answer in question.answers]
    for number, choice in enumerate(choices, 1):
        print(f"  {number}  {choice}", file=sys.stderr)
    while typed := ask(translate(language, "import.question.choose")):
        if not typed.isdecimal() or not 1 <= int(typed) <= len(choices):
            numbers = f"1–{len(choices)}"
            print(
                translate(language, "import.question.no-choice", numbers=numbers), file=sys.stderr
            )
            continue
        choice = choices[int(typed) - 1]
        word = _TO_BE_SAID.search(choice)
        if word is None:
            return choice
        said = ask_line(translate(language, "import.question.instead", word=word[1]))
        return f"{choice[: word.start()]}={said}" if said else None
    return None
