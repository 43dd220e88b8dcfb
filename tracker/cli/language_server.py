"""The language server: what an editor sends becomes texts, what editor/ answers becomes messages.

Each edit is taken at once; what the files say is worked out a moment after the last one, in a
thread of its own. Until then, and while a text is broken, the last good reading answers.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from time import perf_counter
from typing import Any

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from tracker import __version__, clock
from tracker.cli.options import Request
from tracker.editor.hints import hints, hover
from tracker.editor.kept_names import KeptNames
from tracker.editor.key_meanings import key_meaning
from tracker.editor.names import edits_of_rename, mention_at, mentions_of
from tracker.editor.next_words import next_words
from tracker.editor.positions import Positions, PositionUnit
from tracker.editor.problems import PlacedProblem, placed_problems
from tracker.editor.readings import FolderReading, Shift, read_texts
from tracker.files.folders import SETTINGS
from tracker.files.reading import read_file
from tracker.files.toml_edits import Replacement
from tracker.i18n.diagnostics import message_of
from tracker.i18n.translate import Language, language_of, translate

_PAUSE = 0.15  # seconds after the last edit until all is read again
_LONGEST_PAUSE = 1.0  # where reading takes long, the pause is as long as it took, up to that
_MOST_WORDS = 200  # offered at once; an editor asks again for those that go on as one types
_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
}
_KINDS = {
    "key": types.CompletionItemKind.Property,
    "word": types.CompletionItemKind.Keyword,
    "name": types.CompletionItemKind.Reference,
}


class _Folder:
    """The events files of one folder: as last read, and as last read without errors."""

    def __init__(self) -> None:
        self.reading: FolderReading | None = None
        self.good: FolderReading | None = None
        self.task: asyncio.Task[None] | None = None
        self.shown: set[str] = set()
        self.seconds = 0.0  #: how long reading took last
        self.edits = 0  #: counts them: an answer for older texts is none


class EditorServer(LanguageServer):
    """The server, and what it knows of each folder."""

    def __init__(self, request: Request) -> None:
        super().__init__("tracker", __version__)
        self.language: Language = request.language
        self.request = request
        self.folders: dict[Path, _Folder] = {}
        self.reader = ThreadPoolExecutor(1)
        self.refreshes_hints = False
        self.kept_names = KeptNames()

    @property
    def unit(self) -> PositionUnit:
        kind = types.PositionEncodingKind
        units: dict[Any, PositionUnit] = {kind.Utf8: "utf-8", kind.Utf32: "utf-32"}
        return units.get(self.workspace.position_encoding, "utf-16")

    def names_in_folder(self, folder: Path) -> list[str]:
        """The files that belong together: those of the folder, and those that are open from it."""
        files = {file for file in folder.glob("*.toml") if file.is_file()}
        files |= {
            file for file in map(_path, self.workspace.text_documents) if file.parent == folder
        }
        return sorted(str(file) for file in files if _states_events(file))

    def text(self, name: str) -> str:
        """A file as the editor has it, else as it stands on the disk."""
        document = self.workspace.text_documents.get(uris.from_fs_path(name) or "")
        if document is not None:
            return str(document.source)
        try:
            return read_file(Path(name)).decode("utf-8-sig")
        except (OSError, ValueError):
            return ""

    def texts(self, folder: Path) -> dict[str, str]:
        return {name: self.text(name) for name in self.names_in_folder(folder)}

    # -- reading again

    def look_again(self, uri: str) -> None:
        """Has the files of that one's folder read, once the edits pause."""
        path = _path(uri)
        if not _states_events(path):
            return
        state = self.folders.setdefault(path.parent, _Folder())
        state.edits += 1
        if state.task is not None:
            state.task.cancel()
        state.task = asyncio.get_running_loop().create_task(self._read(path.parent, state))

    async def _read(self, folder: Path, state: _Folder) -> None:
        await asyncio.sleep(min(max(_PAUSE, state.seconds), _LONGEST_PAUSE))
        texts, edits = self.texts(folder), state.edits
        as_of, began = clock.today("UTC"), perf_counter()
        reading, problems = await asyncio.get_running_loop().run_in_executor(
            self.reader, _read_all, texts, as_of, self.kept_names
        )
        state.seconds = perf_counter() - began
        if state.edits != edits:
            return
        state.reading = reading
        if reading.timeline is not None:
            state.good = reading
        for name in (*problems, *(state.shown - problems.keys())):
            self._publish(name, texts.get(name, ""), problems.get(name, []))
        state.shown = {name for name in problems if problems[name]}
        if self.refreshes_hints:
            self.workspace_inlay_hint_refresh(None)

    def _publish(self, name: str, text: str, problems: list[PlacedProblem]) -> None:
        positions = _positions(text, self.unit)
        diagnostics = [
            types.Diagnostic(
                range=_range(positions, problem.start, problem.end),
                message=message_of(problem.diagnostic, self.language),
                severity=_SEVERITIES[problem.diagnostic.severity],
                code=problem.diagnostic.case,
                source="tracker",
            )
            for problem in problems
        ]
        uri = uris.from_fs_path(name) or ""
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics))

    def good(self, uri: str) -> tuple[str, str, FolderReading, Shift] | None:
        """The file, its text now, the last good reading of its folder, and what moved since."""
        path = _path(uri)
        state = self.folders.get(path.parent)
        if state is None or state.good is None or str(path) not in state.good.texts:
            return None
        text = self.text(str(path))
        return str(path), text, state.good, _shift(state.good.texts[str(path)], text)


@lru_cache(maxsize=4)
def _positions(text: str, unit: PositionUnit) -> Positions:
    """The places in a text; an editor asks several questions about the same one."""
    return Positions(text, unit)


@lru_cache(maxsize=4)
def _shift(old: str, new: str) -> Shift:
    return Shift(old, new)


def _read_all(
    texts: dict[str, str], as_of: Any, kept: KeptNames
) -> tuple[FolderReading, dict[str, list[PlacedProblem]]]:
    for name, text in texts.items():  # so that the first keystroke has no file to scan
        kept.names(name, text)
    reading = read_texts(texts, as_of)
    reading.ends_of_lines  # noqa: B018 - worked out here, and not at the next keystroke
    return reading, {name: placed_problems(reading, name) for name in texts}


def _path(uri: str) -> Path:
    return Path(uris.to_fs_path(uri) or uri)


def _states_events(path: Path) -> bool:
    return path.suffix == ".toml" and path.name != SETTINGS and not path.name.startswith(".")


def _range(positions: Positions, start: int, end: int) -> types.Range:
    first, last = positions.position(start), positions.position(end)
    return types.Range(types.Position(*first), types.Position(*last))


def _text_edits(text: str, edits: list[Replacement], unit: PositionUnit) -> list[types.TextEdit]:
    positions = _positions(text, unit)
    return [types.TextEdit(_range(positions, edit.start, edit.end), edit.new) for edit in edits]


def _begin(ls: EditorServer, params: types.InitializeParams) -> None:
    ls.language = language_of(params.locale) or ls.language if params.locale else ls.language
    workspace = params.capabilities.workspace
    ls.refreshes_hints = bool(
        workspace and workspace.inlay_hint and workspace.inlay_hint.refresh_support
    )


def _take_open(ls: EditorServer, params: types.DidOpenTextDocumentParams) -> None:
    ls.look_again(params.text_document.uri)


def _take_change(ls: EditorServer, params: types.DidChangeTextDocumentParams) -> None:
    ls.look_again(params.text_document.uri)


def _take_save(ls: EditorServer, params: types.DidSaveTextDocumentParams) -> None:
    ls.look_again(params.text_document.uri)


def _take_close(ls: EditorServer, params: types.DidCloseTextDocumentParams) -> None:
    ls.look_again(params.text_document.uri)


def _look(ls: EditorServer, params: types.HoverParams) -> types.Hover | None:
    text = ls.text(str(_path(params.text_document.uri)))
    place = _positions(text, ls.unit).offset(params.position.line, params.position.character)
    words, known = key_meaning(text, place, ls.language), ls.good(params.text_document.uri)
    if words is None and known is not None:
        name, _, reading, shift = known
        at = shift.before(place)
        words = None if at is None else hover(reading, name, at, ls.language)
    if words is None:
        return None
    return types.Hover(types.MarkupContent(types.MarkupKind.PlainText, words))


def _hint(ls: EditorServer, params: types.InlayHintParams) -> list[types.InlayHint]:
    known = ls.good(params.text_document.uri)
    if known is None:
        return []
    name, text, reading, shift = known
    positions, seen = _positions(text, ls.unit), params.range
    start = positions.offset(seen.start.line, seen.start.character)
    end = positions.offset(seen.end.line, seen.end.character)
    return [
        types.InlayHint(
            types.Position(*positions.position(shown.offset)), shown.text, padding_left=True
        )
        for shown in hints(reading, name, shift, (start, end), ls.language)
    ]


def _complete(ls: EditorServer, params: types.CompletionParams) -> types.CompletionList:
    path = _path(params.text_document.uri)
    texts = {**ls.texts(path.parent), str(path): ls.text(str(path))}
    positions = _positions(texts[str(path)], ls.unit)
    at = positions.offset(params.position.line, params.position.character)
    place, words = next_words(texts, str(path), at, ls.kept_names)
    replaced = _range(positions, place.start, place.end)
    begun = texts[str(path)][place.start : place.end]
    fitting = [word for word in words if word.text.startswith(begun)]
    items = [
        types.CompletionItem(
            word.text,
            kind=_KINDS[word.kind],
            detail=word.beside or None,
            text_edit=types.TextEdit(replaced, word.text),
        )
        for word in fitting[:_MOST_WORDS]
    ]
    return types.CompletionList(is_incomplete=len(fitting) > _MOST_WORDS, items=items)


def _mend(ls: EditorServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    path, uri = _path(params.text_document.uri), params.text_document.uri
    state = ls.folders.get(path.parent)
    name, text = str(path), ls.text(str(path))
    if state is None or state.reading is None or state.reading.texts.get(name) != text:
        return []
    positions = _positions(text, ls.unit)
    start = positions.offset(params.range.start.line, params.range.start.character)
    end = positions.offset(params.range.end.line, params.range.end.character)
    return [
        types.CodeAction(
            fix.title,
            kind=types.CodeActionKind.QuickFix,
            edit=types.WorkspaceEdit({uri: _text_edits(text, [fix.edit], ls.unit)}),
        )
        for problem in placed_problems(state.reading, name)
        if problem.start <= end and start <= problem.end
        for fix in problem.fixes
    ]


def _locations(ls: EditorServer, params: Any, stated_only: bool) -> list[types.Location]:
    known = ls.good(params.text_document.uri)
    if known is None:
        return []
    name, text, reading, shift = known
    place = _positions(text, ls.unit).offset(params.position.line, params.position.character)
    at = shift.before(place)
    mention = None if at is None else mention_at(reading, name, at)
    if mention is None:
        return []
    return [
        types.Location(
            uris.from_fs_path(there.file) or "",
            _range(_positions(reading.texts[there.file], ls.unit), there.start, there.end),
        )
        for there in mentions_of(reading, mention.event)
        if there.states is not None or not stated_only
    ]


def _define(ls: EditorServer, params: types.DefinitionParams) -> list[types.Location]:
    return _locations(ls, params, stated_only=True)


def _refer(ls: EditorServer, params: types.ReferenceParams) -> list[types.Location]:
    return _locations(ls, params, stated_only=False)


def _rename(ls: EditorServer, params: types.RenameParams) -> types.WorkspaceEdit | None:
    from pygls.exceptions import JsonRpcInvalidParams

    known = ls.good(params.text_document.uri)
    path = _path(params.text_document.uri)
    state = ls.folders.get(path.parent)
    edits: dict[str, list[Replacement]] | str = "editor.unread"
    if known is not None and state is not None and state.reading is state.good:
        name, text, reading, _ = known
        if all(ls.text(file) == reading.texts[file] for file in reading.texts):
            at = _positions(text, ls.unit).offset(params.position.line, params.position.character)
            mention = mention_at(reading, name, at)
            if mention is None:
                return None
            edits = edits_of_rename(reading, mention.event, params.new_name)
    if isinstance(edits, str) or known is None:
        raise JsonRpcInvalidParams(translate(ls.language, str(edits), id=params.new_name))
    return types.WorkspaceEdit(
        {
            uris.from_fs_path(file) or "": _text_edits(known[2].texts[file], those, ls.unit)
            for file, those in edits.items()
        }
    )


def _outline(ls: EditorServer, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
    known = ls.good(params.text_document.uri)
    if known is None:
        return []
    name, text, reading, shift = known
    positions = _positions(text, ls.unit)
    symbols = []
    for mention in _events_in(reading, name):
        start, end = shift.now(mention.start), shift.now(mention.end)
        if start is not None and end is not None:
            span = _range(positions, start, end)
            kind = types.SymbolKind.Event
            symbols.append(types.DocumentSymbol(mention.event[1], kind, span, span))
    return symbols


def _events_in(reading: FolderReading, name: str) -> list[Any]:
    from tracker.editor.names import mentions

    return [there for there in mentions(reading) if there.file == name and there.states]


def make_server(request: Request) -> EditorServer:
    """The server with all that it answers."""
    server = EditorServer(request)
    server.feature(types.INITIALIZE)(_begin)
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(_take_open)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(_take_change)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(_take_save)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(_take_close)
    server.feature(types.TEXT_DOCUMENT_HOVER)(_look)
    server.feature(types.TEXT_DOCUMENT_INLAY_HINT)(_hint)
    server.feature(
        types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[" ", '"', "/"])
    )(_complete)
    server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions([types.CodeActionKind.QuickFix])
    )(_mend)
    server.feature(types.TEXT_DOCUMENT_DEFINITION)(_define)
    server.feature(types.TEXT_DOCUMENT_REFERENCES)(_refer)
    server.feature(types.TEXT_DOCUMENT_RENAME)(_rename)
    server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)(_outline)
    return server


def serve_editor(request: Request) -> None:
    """Answers an editor over standard input and output until it says goodbye."""
    make_server(request).start_io()
