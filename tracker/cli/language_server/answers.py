"""What an editor asks, and what it is answered."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from lsprotocol import types
from pygls import uris

from tracker.cli.language_server.messages import span_range, text_edits
from tracker.cli.language_server.reading_process import ReadingEnded
from tracker.cli.language_server.server import EditorServer, Known, path_of
from tracker.cli.options import Request
from tracker.editor.desk import Outdated
from tracker.editor.edited_texts import edited_text, positions_of
from tracker.editor.hints import hints
from tracker.editor.key_meanings import key_meaning
from tracker.editor.next_words import next_words
from tracker.editor.settings import settings_meaning, settings_words
from tracker.files.folders import SETTINGS
from tracker.files.toml_edits import Replacement
from tracker.i18n.translate import language_of, translate

_T = TypeVar("_T")
#: What is asked at a place of a text; they have no class in common.
_AtPlace: TypeAlias = (
    types.HoverParams
    | types.CompletionParams
    | types.DefinitionParams
    | types.ReferenceParams
    | types.RenameParams
)

_MOST_WORDS = 200  # offered at once; an editor asks again for those that go on as one types
_KINDS = {
    "key": types.CompletionItemKind.Property,
    "word": types.CompletionItemKind.Keyword,
    "name": types.CompletionItemKind.Reference,
}


def _begin(ls: EditorServer, params: types.InitializeParams) -> None:
    ls.language = language_of(params.locale) or ls.language if params.locale else ls.language
    workspace = params.capabilities.workspace
    ls.refreshes_hints = bool(
        workspace and workspace.inlay_hint and workspace.inlay_hint.refresh_support
    )
    watched = workspace and workspace.did_change_watched_files
    ls.watches_files = bool(watched and watched.dynamic_registration)


async def _watch(ls: EditorServer, _params: types.InitializedParams) -> None:
    """Asks to be told of files that others write, rename or remove."""
    if ls.watches_files:
        what = types.DidChangeWatchedFilesRegistrationOptions(
            [types.FileSystemWatcher(glob_pattern="**/*.toml")]
        )
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registration = types.Registration("files", method, what)
        await ls.client_register_capability_async(types.RegistrationParams([registration]))


def _take_files(ls: EditorServer, params: types.DidChangeWatchedFilesParams) -> None:
    for change in params.changes:
        ls.look_again(change.uri)


def _take_open(ls: EditorServer, params: types.DidOpenTextDocumentParams) -> None:
    ls.texts.open[str(path_of(params.text_document.uri))] = params.text_document.text
    ls.look_again(params.text_document.uri)


def _take_change(ls: EditorServer, params: types.DidChangeTextDocumentParams) -> None:
    name = str(path_of(params.text_document.uri))
    text = ls.texts.open.get(name, "")
    for change in params.content_changes:
        if isinstance(change, types.TextDocumentContentChangePartial):
            start, end = change.range.start, change.range.end
            places = (start.line, start.character), (end.line, end.character)
            text = edited_text(text, *places, change.text, ls.unit)
        else:
            text = change.text
    ls.texts.open[name] = text
    ls.look_again(params.text_document.uri)


def _take_save(ls: EditorServer, params: types.DidSaveTextDocumentParams) -> None:
    ls.look_again(params.text_document.uri)


def _take_close(ls: EditorServer, params: types.DidCloseTextDocumentParams) -> None:
    ls.texts.open.pop(str(path_of(params.text_document.uri)), None)
    ls.look_again(params.text_document.uri)


def _place(ls: EditorServer, params: _AtPlace) -> int:
    """The character in the text at which something is asked."""
    positions = positions_of(ls.text(params.text_document.uri), ls.unit)
    return positions.offset(params.position.line, params.position.character)


async def _of_reading(
    ls: EditorServer,
    params: _AtPlace,
    ask: Callable[[str, str, int, Known], Awaitable[_T]],
) -> _T | None:
    """What is answered from the last good reading, which may be followed by a newer meanwhile."""
    for _ in range(3):
        known = ls.last_good(params.text_document.uri)
        at = None if known is None else known[4].before(_place(ls, params))
        if known is None or at is None:
            return None
        try:
            return await ask(known[0], known[1], at, known[3])
        except Outdated:
            continue
        except ReadingEnded:
            return None
    return None


async def _look(ls: EditorServer, params: types.HoverParams) -> types.Hover | None:
    text, place = ls.text(params.text_document.uri), _place(ls, params)
    is_settings = path_of(params.text_document.uri).name == SETTINGS
    words = (settings_meaning if is_settings else key_meaning)(text, place, ls.language)
    if words is None and not is_settings:

        async def ask(group: str, name: str, at: int, known: Known) -> Any:
            return await ls.desk.ask("reason", group, known.number, name, at, ls.language)

        words = await _of_reading(ls, params, ask)
    if words is None:
        return None
    return types.Hover(types.MarkupContent(types.MarkupKind.PlainText, words))


def _hint(ls: EditorServer, params: types.InlayHintParams) -> list[types.InlayHint]:
    known = ls.last_good(params.text_document.uri)
    if known is None:
        return []
    _, name, text, good, shift = known
    positions, seen = positions_of(text, ls.unit), params.range
    start = positions.offset(seen.start.line, seen.start.character)
    end = positions.offset(seen.end.line, seen.end.character)
    return [
        types.InlayHint(
            types.Position(*positions.position(shown.offset)), shown.text, padding_left=True
        )
        for shown in hints(good.report.lines[name], shift, (start, end))
    ]


def _complete(ls: EditorServer, params: types.CompletionParams) -> types.CompletionList:
    name = str(path_of(params.text_document.uri))
    text = ls.text(params.text_document.uri)
    positions, at = positions_of(text, ls.unit), _place(ls, params)
    if Path(name).name == SETTINGS:
        place, words = settings_words(text, at)
    else:
        _, names = ls.texts.group_of(Path(name))
        texts = {**{file: ls.texts.text(file) or "" for file in names}, name: text}
        place, words = next_words(texts, name, at, ls.kept_names)
    replaced = span_range(positions, place.start, place.end)
    begun = text[place.start : place.end]
    fitting = [word for word in words if word.is_near or word.text.startswith(begun)]
    items = [
        types.CompletionItem(
            word.text,
            kind=_KINDS[word.kind],
            detail=word.beside or None,
            filter_text=begun if word.is_near else None,
            text_edit=types.TextEdit(replaced, word.text),
        )
        for word in fitting[:_MOST_WORDS]
    ]
    return types.CompletionList(is_incomplete=len(fitting) > _MOST_WORDS, items=items)


def _mend(ls: EditorServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    uri = params.text_document.uri
    name, text = str(path_of(uri)), ls.text(uri)
    group = ls.groups.get(ls.texts.group_of(Path(name))[0])
    if group is None or group.last is None or group.last.texts.get(name) != text:
        return []
    positions = positions_of(text, ls.unit)
    start = positions.offset(params.range.start.line, params.range.start.character)
    end = positions.offset(params.range.end.line, params.range.end.character)
    return [
        types.CodeAction(
            fix.title,
            kind=types.CodeActionKind.QuickFix,
            edit=types.WorkspaceEdit({uri: text_edits(text, [fix.edit], ls.unit)}),
        )
        for problem in group.last.report.problems[name]
        if problem.start <= end and start <= problem.end
        for fix in problem.fixes
    ]


async def _locations(ls: EditorServer, params: _AtPlace, stated_only: bool) -> list[types.Location]:
    async def ask(group: str, name: str, at: int, known: Known) -> list[types.Location]:
        event = await ls.desk.ask("event_at", group, known.number, name, at)
        if event is None:
            return []
        return [
            types.Location(
                uris.from_fs_path(there.file) or "",
                span_range(positions_of(known.texts[there.file], ls.unit), there.start, there.end),
            )
            for there in await ls.desk.ask("mentions", group, known.number, event)
            if there.states is not None or not stated_only
        ]

    return await _of_reading(ls, params, ask) or []


async def _define(ls: EditorServer, params: types.DefinitionParams) -> list[types.Location]:
    return await _locations(ls, params, stated_only=True)


async def _refer(ls: EditorServer, params: types.ReferenceParams) -> list[types.Location]:
    return await _locations(ls, params, stated_only=False)


async def _rename(ls: EditorServer, params: types.RenameParams) -> types.WorkspaceEdit | None:
    async def ask(group: str, name: str, at: int, known: Known) -> types.WorkspaceEdit | str:
        event = await ls.desk.ask("event_at", group, known.number, name, at)
        if event is None:
            return ""
        if not _is_current(ls, group, known):
            return "editor.unread"
        edits = await ls.desk.ask("rename", group, known.number, event, params.new_name)
        return edits if isinstance(edits, str) else _in_files(ls, known, edits)

    answer = await _of_reading(ls, params, ask)
    if isinstance(answer, types.WorkspaceEdit):
        return answer
    if answer == "":
        return None
    from pygls.exceptions import JsonRpcInvalidParams

    sentence = answer or "editor.unread"
    raise JsonRpcInvalidParams(translate(ls.language, sentence, id=params.new_name))


def _in_files(
    ls: EditorServer, known: Known, edits: dict[str, list[Replacement]]
) -> types.WorkspaceEdit:
    return types.WorkspaceEdit(
        {
            uris.from_fs_path(file) or "": text_edits(known.texts[file], those, ls.unit)
            for file, those in edits.items()
        }
    )


def _is_current(ls: EditorServer, group: str, known: Known) -> bool:
    """Whether the texts are still as they were read: an edit of another place would spoil them."""
    return ls.groups[group].last is known and all(
        ls.texts.text(file) == text for file, text in known.texts.items()
    )


def _outline(ls: EditorServer, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
    known = ls.last_good(params.text_document.uri)
    if known is None:
        return []
    _, name, text, good, shift = known
    positions, symbols = positions_of(text, ls.unit), []
    for event, title, begun in zip(*good.report.symbols[name], strict=True):
        start, end = shift.now(begun), shift.now(begun + len(event))
        if start is not None and end is not None:
            span, kind = span_range(positions, start, end), types.SymbolKind.Event
            symbols.append(types.DocumentSymbol(event, kind, span, span, title or None))
    return symbols


async def _end(ls: EditorServer, _params: None) -> None:
    await ls.desk.close()


def make_server(request: Request) -> EditorServer:
    """The server with all that it answers."""
    is_named = request.are_named or bool(os.environ.get("TRACKER_FILE"))
    server = EditorServer(request, request.files if is_named else ())
    server.feature(types.INITIALIZE)(_begin)
    server.feature(types.INITIALIZED)(_watch)
    server.feature(types.SHUTDOWN)(_end)
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(_take_open)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(_take_change)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(_take_save)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(_take_close)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(_take_files)
    server.feature(types.TEXT_DOCUMENT_HOVER)(_look)
    server.feature(types.TEXT_DOCUMENT_INLAY_HINT)(_hint)
    server.feature(
        types.TEXT_DOCUMENT_COMPLETION,
        types.CompletionOptions(trigger_characters=[" ", '"', "/", "["]),
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
    gc.enable()  # it runs for days
    standard_output = os.dup(1)
    try:
        with os.fdopen(os.dup(1), "wb") as output:
            os.dup2(2, 1)  # what else is printed goes to the editor's log, and into no message
            make_server(request).start_io(sys.stdin.buffer, output)
    finally:
        os.dup2(standard_output, 1)
        os.close(standard_output)
