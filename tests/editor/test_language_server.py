"""`tracker lsp` as an editor has it: a process, spoken to over its standard input and output."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from tests.editor.test_editor import LEASE, OTHER

Talk = Callable[["Editor"], Awaitable[None]]


class Editor(LanguageClient):
    """An editor with one folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__("an-editor", "1")
        self.folder = folder
        self.shown: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()

        def show(params: types.PublishDiagnosticsParams) -> None:
            self.shown.put_nowait(params)

        self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(show)

        self.feature(types.WORKSPACE_INLAY_HINT_REFRESH)(lambda params: None)

    @property
    def process(self) -> int:
        """The server's."""
        assert self._server is not None
        return int(self._server.pid)

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def document(self, name: str) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri(name))

    def open(self, name: str, text: str) -> None:
        document = types.TextDocumentItem(self.uri(name), "toml", 1, text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(document))

    def edit(self, name: str, span: types.Range | None, text: str) -> None:
        document = types.VersionedTextDocumentIdentifier(2, self.uri(name))
        change = (
            types.TextDocumentContentChangeWholeDocument(text)
            if span is None
            else types.TextDocumentContentChangePartial(span, text)
        )
        self.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def tell_of(self, name: str, kind: types.FileChangeType) -> None:
        """Tells that somebody else did something with a file."""
        event = types.FileEvent(self.uri(name), kind)
        self.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))

    async def problems(self, name: str) -> list[types.Diagnostic]:
        """Those that are shown next of that file."""
        while True:
            params = await asyncio.wait_for(self.shown.get(), 20)
            if params.uri == self.uri(name):
                return list(params.diagnostics)


def place(text: str, words: str, into: int = 0) -> types.Position:
    """Where words stand in a text of one-unit characters."""
    before = text[: text.index(words) + into]
    return types.Position(before.count("\n"), len(before) - before.rfind("\n") - 1)


def talk(folder: Path, say: Talk, locale: str = "en") -> None:
    """Starts the server, says what is to be said, and ends it."""

    async def whole() -> None:
        editor = Editor(folder)
        await editor.start_io(sys.executable, "-m", "tracker", "lsp")
        capabilities = types.ClientCapabilities()
        params = types.InitializeParams(capabilities, locale=locale, root_uri=folder.as_uri())
        await editor.initialize_async(params)
        editor.initialized(types.InitializedParams())
        await say(editor)
        await editor.shutdown_async(None)
        editor.exit(None)
        assert editor._server is not None
        assert await editor._server.wait() == 0
        await editor.stop()  # type: ignore[no-untyped-call]

    asyncio.run(whole())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    (tmp_path / "a.toml").write_text(LEASE)
    (tmp_path / "b.toml").write_text(OTHER)
    return tmp_path


def test_errors_as_one_types_and_they_go_once_mended(folder: Path) -> None:
    async def say(editor: Editor) -> None:
        editor.open("a.toml", LEASE)
        assert await editor.problems("a.toml") == []
        at = place(LEASE, "30 days after")
        editor.edit("a.toml", types.Range(at, types.Position(at.line, at.character + 2)), "x")
        (problem,) = await editor.problems("a.toml")
        assert problem.range.start.line == at.line
        assert problem.severity == types.DiagnosticSeverity.Error
        editor.edit("a.toml", None, LEASE)
        assert await editor.problems("a.toml") == []

    talk(folder, say)


def test_a_quick_fix_hover_hints_completion_and_places_of_names(folder: Path) -> None:
    async def say(editor: Editor) -> None:
        a, whole = (
            editor.document("a.toml"),
            types.Range(types.Position(0, 0), types.Position(99, 0)),
        )
        editor.open("a.toml", LEASE)
        assert await editor.problems("a.toml") == []
        hints = await editor.text_document_inlay_hint_async(types.InlayHintParams(a, whole))
        assert [hint.label for hint in hints or ()] == [
            "1 January 2030",
            "31 December 2034",
            "30 January 2035",
        ]
        at = place(LEASE, "30 days", 3)
        why = await editor.text_document_hover_async(types.HoverParams(a, at))
        assert "30 January 2035" in str(why)
        symbols = await editor.text_document_document_symbol_async(types.DocumentSymbolParams(a))
        assert [symbol.name for symbol in symbols or ()] == ["term", "report"]
        at = place(LEASE, "end of term", 8)
        places = await editor.text_document_definition_async(types.DefinitionParams(a, at))
        assert isinstance(places, list)
        (stated,) = places
        assert isinstance(stated, types.Location)
        assert stated.range.start == place(LEASE, '"term"', 1)
        words = await editor.text_document_completion_async(types.CompletionParams(a, at))
        assert isinstance(words, types.CompletionList)
        assert {"term"} <= {word.label for word in words.items}

        wrong = LEASE.replace("end of term", "end of trem")
        editor.edit("a.toml", None, wrong)
        (problem,) = await editor.problems("a.toml")
        context = types.CodeActionContext([problem])
        params = types.CodeActionParams(a, problem.range, context)
        (fix,) = await editor.text_document_code_action_async(params) or ()
        assert isinstance(fix, types.CodeAction)
        assert fix.title == 'when = "30 days after end of term"'
        hints = await editor.text_document_inlay_hint_async(types.InlayHintParams(a, whole))
        assert len(hints or ()) == 2  # the last good reading goes on, but for what was edited

    talk(folder, say)


def test_an_id_is_renamed_in_files_that_are_not_open_too(folder: Path) -> None:
    async def say(editor: Editor) -> None:
        editor.open("a.toml", LEASE)
        await editor.problems("a.toml")
        at = place(LEASE, '"report"', 2)
        params = types.RenameParams(editor.document("a.toml"), at, "account")
        edit = await editor.text_document_rename_async(params)
        assert edit is not None
        assert (edit.changes or {}).keys() == {editor.uri("a.toml"), editor.uri("b.toml")}
        bad = types.RenameParams(editor.document("a.toml"), at, "Not an id")
        with pytest.raises(Exception, match="Not an id"):
            await editor.text_document_rename_async(bad)

    talk(folder, say)


def test_columns_are_those_of_the_protocol_and_sentences_those_of_the_client(folder: Path) -> None:
    text = LEASE.replace(
        'title = "Report"\nwhen', 'title = "\U0001f680" # \U0001f680\nwhen'
    ).replace('when = "30 days after end of term"', 'title.ja = "\U0001f680"; x')
    odd = LEASE.replace('tags = ["rent"]', 'tags = ["\U0001f680", 7]')

    async def say(editor: Editor) -> None:
        editor.open("a.toml", odd)
        (problem,) = await editor.problems("a.toml")
        assert problem.range.start.character == len('tags = ["') + 2 + len('", ')
        assert not problem.message.isascii()
        editor.edit("a.toml", None, text)
        assert await editor.problems("a.toml")

    talk(folder, say, "ja-JP")


def message(content: dict[str, Any]) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **content}).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def test_a_client_that_dies_ends_it_and_what_is_unknown_is_refused(folder: Path) -> None:
    async def say() -> tuple[int | None, bytes]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tracker", "lsp",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        begin = {"id": 1, "method": "initialize", "params": {"capabilities": {}, "processId": None}}
        unknown = {"id": 2, "method": "tracker/none", "params": {}}
        sent = message(begin) + message(unknown)
        out, _ = await asyncio.wait_for(process.communicate(sent), 20)
        return process.returncode, out

    code, out = asyncio.run(say())

    assert code is not None
    assert b'"id": 2' in out or b'"id":2' in out
    assert b"-32601" in out
    assert out.startswith(b"Content-Length")
