"""Values of editor/ as the protocol has them: ranges, edits, diagnostics."""

from __future__ import annotations

from collections.abc import Iterable

from lsprotocol import types

from tracker.editor.edited_texts import positions_of
from tracker.editor.positions import Positions, PositionUnit
from tracker.editor.problems import PlacedProblem
from tracker.editor.readings import Shift
from tracker.files.toml_edits import Replacement
from tracker.i18n.diagnostics import message_of
from tracker.i18n.translate import Language, translate

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
}


def span_range(positions: Positions, start: int, end: int) -> types.Range:
    """From a character to another."""
    first, last = positions.position(start), positions.position(end)
    return types.Range(types.Position(*first), types.Position(*last))


def text_edits(text: str, edits: Iterable[Replacement], unit: PositionUnit) -> list[types.TextEdit]:
    """Edits of a text."""
    positions = positions_of(text, unit)
    return [types.TextEdit(span_range(positions, edit.start, edit.end), edit.new) for edit in edits]


def diagnostics_of(
    problems: list[PlacedProblem], text: str, shift: Shift, unit: PositionUnit, language: Language
) -> list[types.Diagnostic]:
    """What is wrong, where it stands by now; not what was edited since."""
    positions = positions_of(text, unit)
    shown = []
    for problem in problems:
        start, end = shift.now(problem.start), shift.now(problem.end)
        if start is not None and end is not None and start <= end:
            shown.append(
                types.Diagnostic(
                    range=span_range(positions, start, end),
                    message=message_of(problem.diagnostic, language),
                    severity=_SEVERITIES[problem.diagnostic.severity],
                    code=problem.diagnostic.case,
                    source="tracker",
                )
            )
    return shown


def rest_of_diagnostics(more: int, language: Language) -> types.Diagnostic:
    """That there are more problems than are shown."""
    start = types.Position(0, 0)
    message = translate(language, "editor.more-problems", count=more)
    kind = types.DiagnosticSeverity.Information
    return types.Diagnostic(types.Range(start, start), message, kind, source="tracker")
