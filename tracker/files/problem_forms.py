"""Problems as other programs read them: JSON, GitHub's workflow commands, and SARIF."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tracker import __version__
from tracker.files.excerpts import OfferedEdit, ProblemPlace, Region
from tracker.files.problems import suggested_key
from tracker.i18n.controls import spell_controls
from tracker.i18n.diagnostics import message_of, suggestion_lines
from tracker.i18n.translate import Language, catalogue

#: What GitHub calls the severities: https://docs.github.com/actions/reference/workflow-commands
_GITHUB = {"error": "error", "warning": "warning", "note": "notice"}
_SARIF_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def problems_json(places: Sequence[ProblemPlace], language: Language) -> list[dict[str, Any]]:
    """One object a problem; docs/schema/problems.schema.json says what its keys mean."""
    return [
        {
            "file": problem.file,
            "line": region.line if region else None,
            "column": region.column if region else None,
            "severity": problem.diagnostic.severity,
            "case": problem.diagnostic.case,
            "message": message_of(problem.diagnostic, language),
            "write": [suggestion.write for suggestion in problem.diagnostic.suggestions],
            "end_line": region.end_line if region else None,
            "end_column": region.end_column if region else None,
            "edits": [_edit_json(edit) for edit in edits],
        }
        for problem, region, edits in places
    ]


def _edit_json(edit: OfferedEdit) -> dict[str, Any]:
    return {"title": edit.title, **edit.region._asdict(), "new": edit.new}


def github_commands(
    places: Sequence[ProblemPlace], workspace: Path, language: Language
) -> Iterator[str]:
    """A workflow command a problem, which GitHub shows beside the line.

    Files are named from `workspace`, as GitHub names them.
    """
    for problem, region, _ in places:
        diagnostic = problem.diagnostic
        properties: dict[str, object] = {"file": _from(workspace, problem.file)}
        if region:
            properties |= {"line": region.line, "endLine": region.end_line}
            if region.end_line == region.line:  # over several lines GitHub takes no columns
                properties |= {"col": region.column, "endColumn": region.end_column}
        properties["title"] = f"tracker: {diagnostic.case}"
        suggestions = suggestion_lines(diagnostic.suggestions, suggested_key(problem), language)
        message = "\n".join((message_of(diagnostic, language), *suggestions))
        named = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
        yield f"::{_GITHUB[diagnostic.severity]} {named}::{_data(message)}"


def _data(text: str) -> str:
    """A message as GitHub's toolkit escapes it (packages/core/src/command.ts)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _from(folder: Path, file: str) -> str:
    """The file's name from that folder; whole where it lies elsewhere."""
    # Links stay, which `resolve` would follow: the repository knows the file by its name.
    path, root = (Path(os.path.normpath(name.absolute())) for name in (Path(file), folder))
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()


def sarif(places: Sequence[ProblemPlace], workspace: Path, language: Language) -> dict[str, Any]:
    """The problems as SARIF 2.1.0 (OASIS), with the suggestions as fixes."""
    cases = list(dict.fromkeys(place.problem.diagnostic.case for place in places))
    numbers = {case: number for number, case in enumerate(cases)}
    driver = {
        "name": "tracker",
        "version": __version__,
        "rules": [_rule(case, language) for case in cases],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(place, numbers, workspace, language) for place in places],
    }
    return {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(case: str, language: Language) -> dict[str, Any]:
    sentence = re.sub(r"\{[^}]*\}", "…", catalogue(language)[f"diagnostic.{case}"])
    return {"id": case, "shortDescription": {"text": sentence}}


def _result(
    place: ProblemPlace, numbers: dict[str, int], workspace: Path, language: Language
) -> dict[str, Any]:
    diagnostic = place.problem.diagnostic
    location: dict[str, Any] = {
        "artifactLocation": {"uri": _uri(_from(workspace, place.problem.file))}
    }
    if place.region:
        location["region"] = _region(place.region)
    result: dict[str, Any] = {
        "ruleId": diagnostic.case,
        "ruleIndex": numbers[diagnostic.case],
        "level": diagnostic.severity,
        "message": {"text": message_of(diagnostic, language)},
        "locations": [{"physicalLocation": location}],
    }
    if place.edits:
        result["fixes"] = [_fix(edit, location["artifactLocation"]) for edit in place.edits]
    return result


def _fix(edit: OfferedEdit, file: dict[str, str]) -> dict[str, Any]:
    replacement = {"deletedRegion": _region(edit.region), "insertedContent": {"text": edit.new}}
    change = {"artifactLocation": file, "replacements": [replacement]}
    return {"description": {"text": spell_controls(edit.title)}, "artifactChanges": [change]}


def _region(region: Region) -> dict[str, int]:
    return {
        "startLine": region.line,
        "startColumn": region.column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
    }


def _uri(file: str) -> str:
    """A relative reference (RFC 3986), so that whoever reads it takes it from the repository."""
    path = Path(file)
    if path.is_absolute():
        return path.as_uri()
    return quote(file, safe="/", errors="surrogateescape")
