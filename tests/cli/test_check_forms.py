"""`check` in the forms that other programs read: GitHub's commands, SARIF, JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator, validate

from tests.cli.calls import Caller
from tests.shipped import ROOT
from tracker.files.problem_schema import PROBLEMS_SCHEMA

#: An error of each kind of place, in one file: a key, a value, a part of a value, a text of many lines.
WRONG = """\
id = "a"
[[event]]
id = "report"
title = "Report, 100%: 報告"
wehn = "2027-01-31"
[[event]]
id = "b"
title = "B"
when = "2030"
[[event]]
id = "c"
title = "C"
when = "30 days after rport"
note = 5
"""
NOT_TOML = 'id = "a"\n[[event]]\nwhen = \n'
#: What is used of SARIF 2.1.0, section 3; nothing else may stand there.
_TEXT = {"type": "object", "properties": {"text": {"type": "string", "minLength": 1}},
         "required": ["text"], "additionalProperties": False}  # fmt: skip
_NUMBER = {"type": "integer", "minimum": 1}
_REGION = {"type": "object", "additionalProperties": False, "required": ["startLine"],
           "properties": dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), _NUMBER)}  # fmt: skip


def _shape(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties),
            "additionalProperties": False}  # fmt: skip


_FILE = _shape(uri={"type": "string", "pattern": r"^[A-Za-z0-9._~:/%-]+$"})
_CHANGE = _shape(
    artifactLocation=_FILE,
    replacements={"type": "array", "minItems": 1,
                  "items": _shape(deletedRegion=_REGION, insertedContent=_TEXT)},
)  # fmt: skip
_RESULT = _shape(
    ruleId={"type": "string"},
    ruleIndex={"type": "integer", "minimum": 0},
    level={"enum": ["none", "note", "warning", "error"]},
    message=_TEXT,
    locations={"type": "array", "minItems": 1},
)
_RESULT["properties"]["fixes"] = {
    "type": "array",
    "items": _shape(description=_TEXT, artifactChanges={"type": "array", "items": _CHANGE}),
}
_RULES = {"type": "array", "items": _shape(id={"type": "string"}, shortDescription=_TEXT)}
_TOOL = _shape(driver=_shape(name={"type": "string"}, version={"type": "string"}, rules=_RULES))
SARIF = _shape(
    **{"$schema": {"type": "string"}},
    version={"const": "2.1.0"},
    runs={"type": "array", "items": _shape(
        tool=_TOOL, columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        results={"type": "array", "items": _RESULT},
    )},
)  # fmt: skip


def apply(text: str, region: dict[str, int], new: str) -> str:
    """The text with a part of it replaced, as a program that knows SARIF alone would."""
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
    start = starts[region["startLine"] - 1] + region["startColumn"] - 1
    end = starts[region["endLine"] - 1] + region["endColumn"] - 1
    return text[:start] + new + text[end:]


def command_of(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as GitHub's runner reads it."""
    match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
    assert match, line
    properties = dict(part.split("=", 1) for part in match[2].split(","))
    return match[1], {name: unquote(value) for name, value in properties.items()}, unquote(match[3])


@pytest.mark.parametrize("text", [WRONG, NOT_TOML, "", WRONG.replace("\n", "\r\n")])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_each_form_has_the_same_problems_at_the_same_places(
    call: Caller, text: str, language: str
) -> None:
    call.write("events.toml", text)

    called = {
        form: call("check", "--lang", language, "--format", form)
        for form in ("text", "github", "sarif", "json")
    }

    assert {form: one.code for form, one in called.items()} == dict.fromkeys(called, 1)
    problems = json.loads(called["json"].out)
    results = json.loads(called["sarif"].out)["runs"][0]["results"]
    commands = [command_of(line) for line in called["github"].out.splitlines()]
    assert problems
    for problem, result, (kind, properties, message) in zip(
        problems, results, commands, strict=True
    ):
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == properties["file"] == problem["file"]
        assert place["region"]["startLine"] == int(properties["line"]) == problem["line"]
        assert place["region"]["startColumn"] == problem["column"]
        assert kind == result["level"] == problem["severity"] == "error"
        assert result["message"]["text"] == message.splitlines()[0] == problem["message"]
        assert problem["message"] in called["text"].out
        assert all(write in message for write in problem["write"])


def test_sarif_has_what_the_standard_asks_for_and_its_rules_are_those_of_the_results(
    call: Caller,
) -> None:
    call.write("a b/événements.toml", WRONG)

    sarif = json.loads(call("check", "--format", "sarif", "a b/événements.toml").out)

    validate(sarif, SARIF)
    [run] = sarif["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert unquote(uri) == "a b/événements.toml"


def test_each_fix_mends_its_problem_and_no_other_byte(call: Caller) -> None:
    file = call.write("events.toml", WRONG)
    [run] = json.loads(call("check", "--format", "sarif").out)["runs"]
    fixes = [(result, fix) for result in run["results"] for fix in result.get("fixes", ())]

    assert {result["ruleId"] for result, _ in fixes} >= {"unknown-key", "bare-period"}
    for result, fix in fixes:
        [change] = fix["artifactChanges"]
        [replacement] = change["replacements"]
        new = replacement["insertedContent"]["text"]
        mended = apply(WRONG, replacement["deletedRegion"], new)
        file.write_text(mended, encoding="utf-8")
        left = json.loads(call("check", "--json").out)
        line = result["locations"][0]["physicalLocation"]["region"]["startLine"]
        assert result["ruleId"] not in [p["case"] for p in left if p["line"] == line], fix
        assert [
            (old, now)
            for old, now in zip(WRONG.splitlines(), mended.splitlines(), strict=True)
            if old != now
        ] == [(WRONG.splitlines()[line - 1], mended.splitlines()[line - 1])]


def test_the_json_is_as_its_schema_says_and_the_schema_is_published(call: Caller) -> None:
    call.write("events.toml", WRONG)

    problems = json.loads(call("check", "--format", "json").out)

    Draft202012Validator.check_schema(PROBLEMS_SCHEMA)
    validate(problems, PROBLEMS_SCHEMA)
    assert set(problems[0]) == set(PROBLEMS_SCHEMA["items"]["required"])
    published = ROOT / "docs" / "schema" / "problems.schema.json"
    assert published.read_text(encoding="utf-8") == call("schema", "problems").out


def test_no_text_of_a_file_becomes_a_command_or_a_property_of_its_own(call: Caller) -> None:
    hostile = "x,title=me::%0A\\n::add-mask::a\\r\\n::error::b"
    call.write("events.toml", f'id = "a"\n[[event]]\nid = "b"\ntitle = "t"\n"{hostile}" = "2027"\n')

    lines = call("check", "--format", "github").out.splitlines()

    assert [command_of(line)[0] for line in lines] == ["error"] * len(lines)
    assert {command_of(line)[1]["file"] for line in lines} == {"events.toml"}
    assert {line.count("::") for line in lines if "add-mask" not in line} <= {2}


def test_files_are_named_from_the_root_of_the_repository(
    call: Caller, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    call.write("sub/deep/events.toml", WRONG)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(call.folder))
    monkeypatch.chdir(call.folder / "sub")
    names = [
        "deep/events.toml",
        "../sub/deep/events.toml",
        str(call.folder / "sub/deep/events.toml"),
    ]

    for name in names:
        lines = call("check", "--format", "github", name).out.splitlines()
        assert {command_of(line)[1]["file"] for line in lines} == {"sub/deep/events.toml"}


def test_what_is_sound_prints_nothing_that_a_program_would_take_for_a_problem(call: Caller) -> None:
    call.write("events.toml", 'id = "a"\n[[event]]\nid = "b"\ntitle = "B"\nwhen = 2027-01-31\n')

    assert call("check", "--format", "github")[:2] == (0, "")
    assert json.loads(call("check", "--format", "json").out) == []
    assert json.loads(call("check", "--format", "sarif").out)["runs"][0]["results"] == []


@pytest.mark.parametrize("options", [("--format", "xml"), ("--json", "--format", "sarif")])
def test_a_form_that_there_is_not_is_refused(call: Caller, options: tuple[str, ...]) -> None:
    call.write("events.toml", WRONG)

    called = call("check", *options)

    assert called.code == 2
    assert "--format" in called.err
