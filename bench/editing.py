"""A keystroke in a large file, as an editor has it: a process, spoken to over its input."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from bench.generate import events_file

EVENTS, BAR = 5_000, 0.05
SCREEN = 50
PAUSE = 1.2  # seconds: long enough that the server has begun to read all again
TYPED = "10 days after e42"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        calm, busy = asyncio.run(_typed(Path(folder)))
    for what, times in (("", calm), (", while all is read again", busy)):
        print(
            f"tracker lsp, a keystroke in {EVENTS} events{what}: {median(times):.3f} s,"
            f" the slowest {max(times):.3f} s (bar {BAR})"
        )


async def _typed(folder: Path) -> tuple[list[float], list[float]]:
    """Seconds of each keystroke until completion and the hints of a screen are answered."""
    text = events_file(EVENTS)
    document = types.TextDocumentIdentifier((folder / "events.toml").as_uri())
    client = LanguageClient("bench", "1")
    read = asyncio.Event()

    def show(_params: types.PublishDiagnosticsParams) -> None:
        read.set()

    client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(show)
    await client.start_io(sys.executable, "-m", "tracker", "lsp")
    await client.initialize_async(types.InitializeParams(types.ClientCapabilities()))
    client.initialized(types.InitializedParams())
    opened = types.TextDocumentItem(document.uri, "toml", 1, text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(opened))
    await read.wait()
    above = text[: text.index("[[event]]", len(text) // 2)].count("\n")
    new = '[[event]]\nid = "typed"\ntitle = "Typed"\nwhen = ""\n\n'
    _edit(client, document, types.Position(above, 0), new)
    line, column = above + 3, len('when = "')
    times: tuple[list[float], list[float]] = ([], [])
    for pause, kept in zip((0.0, PAUSE), times, strict=True):
        for sign in TYPED:
            await asyncio.sleep(pause)
            began = time.perf_counter()
            _edit(client, document, types.Position(line, column), sign)
            column += 1
            await _answers(client, document, types.Position(line, column))
            kept.append(time.perf_counter() - began)
        _erase(client, document, line, column - len(TYPED), column)
        column -= len(TYPED)
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()  # type: ignore[no-untyped-call]
    return times


def _edit(
    client: LanguageClient, document: types.TextDocumentIdentifier, at: types.Position, text: str
) -> None:
    _change(client, document, types.Range(at, at), text)


def _erase(
    client: LanguageClient, document: types.TextDocumentIdentifier, line: int, start: int, end: int
) -> None:
    _change(
        client, document, types.Range(types.Position(line, start), types.Position(line, end)), ""
    )


def _change(
    client: LanguageClient, document: types.TextDocumentIdentifier, span: types.Range, text: str
) -> None:
    version = types.VersionedTextDocumentIdentifier(2, document.uri)
    change = types.TextDocumentContentChangePartial(span, text)
    client.text_document_did_change(types.DidChangeTextDocumentParams(version, [change]))


async def _answers(
    client: LanguageClient, document: types.TextDocumentIdentifier, at: types.Position
) -> list[Any]:
    """What an editor asks for after a keystroke."""
    screen = types.Range(types.Position(at.line - SCREEN, 0), types.Position(at.line, 0))
    return await asyncio.gather(
        client.text_document_completion_async(types.CompletionParams(document, at)),
        client.text_document_inlay_hint_async(types.InlayHintParams(document, screen)),
    )


if __name__ == "__main__":
    main()
