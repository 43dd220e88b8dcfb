"""What the server knows: the texts of each group of files, and what its last readings came to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from time import perf_counter
from typing import Any

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter, lsp_method

from tracker import __version__, clock
from tracker.cli.language_server.file_texts import FileTexts
from tracker.cli.language_server.messages import diagnostics_of, rest_of_diagnostics
from tracker.cli.language_server.reading_process import ReadingDesk, ReadingEnded
from tracker.cli.options import Request
from tracker.editor.desk import Outdated, Report
from tracker.editor.kept_names import KeptNames
from tracker.editor.next_words import prepare_words
from tracker.editor.positions import PositionUnit
from tracker.editor.readings import Shift
from tracker.files.folders import SETTINGS
from tracker.i18n.translate import Language, translate

_PAUSE = 0.15  # seconds after the last edit until all is read again
_LONGEST_PAUSE = 1.0  # where reading takes long, the pause is as long as it took, up to that
_MOST_DEATHS = 2  # of processes in a row, until the next edit


@dataclass(frozen=True)
class Known:
    """Texts as they were read, and what that came to."""

    number: int
    texts: dict[str, str]
    report: Report


@dataclass
class Group:
    """Files that belong together: as last read, and as last read without errors."""

    last: Known | None = None
    good: Known | None = None
    edits: int = 0  #: counts them; texts have the number of the last
    pause: asyncio.Task[None] | None = None
    reading: asyncio.Task[None] | None = None
    is_superseded: bool = False  #: a reading was broken off: the next comes to its end
    shown: set[str] = field(default_factory=set)
    seconds: float = 0.0  #: how long reading took last
    deaths: int = 0  #: of processes that read these texts, since one did


class _Protocol(LanguageServerProtocol):
    """Its edits are taken by the server itself, which counts lines as the protocol does."""

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> Any:
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None


class EditorServer(LanguageServer):
    """The server, and what it knows of each group of files."""

    def __init__(self, request: Request, together: tuple[Path, ...]) -> None:
        super().__init__(
            "tracker", __version__, protocol_cls=_Protocol, converter_factory=default_converter
        )
        self.language: Language = request.language
        self.texts = FileTexts(together)
        self.groups: dict[str, Group] = {}
        self.desk = ReadingDesk(self._forget)
        self.refreshes_hints = self.watches_files = False
        self.kept_names = KeptNames()

    @property
    def unit(self) -> PositionUnit:
        kind = types.PositionEncodingKind
        units: dict[Any, PositionUnit] = {kind.Utf8: "utf-8", kind.Utf32: "utf-32"}
        return units.get(self.workspace.position_encoding, "utf-16")

    def text(self, uri: str) -> str:
        """A file as the editor has it, else as it stands on the disk."""
        return self.texts.text(str(path_of(uri))) or ""

    def last_good(self, uri: str) -> tuple[str, str, str, Known, Shift] | None:
        """The file's group and name, its text now, the last good reading, and what moved since."""
        name = str(path_of(uri))
        key, _ = self.texts.group_of(Path(name))
        group = self.groups.get(key)
        if group is None or group.good is None or name not in group.good.texts:
            return None
        text = self.text(uri)
        return key, name, text, group.good, shift_between(group.good.texts[name], text)

    # -- reading again

    def look_again(self, uri: str) -> None:
        """Has the files of that one's group read, once the edits pause."""
        self._look_at(self.texts.group_of(path_of(uri))[0], path_of(uri))

    def _look_at(self, key: str, path: Path) -> None:
        group = self.groups.setdefault(key, Group())
        group.edits += 1
        group.deaths = 0
        if group.pause is not None:
            group.pause.cancel()
        group.pause = asyncio.get_running_loop().create_task(self._wait(key, path, group))

    async def _wait(self, key: str, path: Path, group: Group) -> None:
        await asyncio.sleep(min(max(_PAUSE, group.seconds), _LONGEST_PAUSE))
        if group.reading is not None and group.is_superseded:
            await asyncio.wait([group.reading])
        group.is_superseded = group.reading is not None
        group.reading = asyncio.get_running_loop().create_task(self._read(key, path, group))

    async def _read(self, key: str, path: Path, group: Group) -> None:
        _, names = self.texts.group_of(path)
        texts = {name: self.texts.text(name) or "" for name in names}
        await asyncio.to_thread(prepare_words, texts, self.kept_names)
        number, began = group.edits, perf_counter()
        this = asyncio.current_task()
        try:
            question = "read_settings" if path.name == SETTINGS and names else "read"
            report = await self.desk.ask(
                question, key, number, texts, clock.today("UTC"), self.language
            )
        except Outdated:
            return  # newer texts are being read
        except ReadingEnded:
            group.deaths += 1
            if group.deaths < _MOST_DEATHS:
                await self._read(key, path, group)
            else:
                message = translate(self.language, "editor.reading-ended")
                kind = types.MessageType.Error
                self.window_show_message(types.ShowMessageParams(kind, message))
            return
        finally:
            if group.reading is this:
                group.reading = None
        group.is_superseded, group.deaths = False, 0
        group.seconds = perf_counter() - began
        self._take_up(group, Known(number, texts, report))

    def _take_up(self, group: Group, known: Known) -> None:
        group.last = known
        if known.report.is_good:
            group.good = known
        names = set(known.report.problems) | group.shown
        for name in sorted(names):
            self._publish(name, known)
        group.shown = {name for name in names if known.report.problems.get(name)}
        if self.refreshes_hints:
            self.workspace_inlay_hint_refresh(None)

    def _publish(self, name: str, known: Known) -> None:
        """Shows what is wrong where it stands by now, however the text was edited meanwhile."""
        text = self.texts.text(name) or ""
        shift = shift_between(known.texts.get(name, ""), text)
        problems = known.report.problems.get(name, [])
        diagnostics = diagnostics_of(problems, text, shift, self.unit, self.language)
        if more := known.report.more_problems.get(name, 0):
            diagnostics.append(rest_of_diagnostics(more, self.language))
        uri = uris.from_fs_path(name) or ""
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics))

    def _forget(self) -> None:
        """Has all read again that a process knew which came to its end; not what ended it."""
        for key, group in self.groups.items():
            if group.reading is None and group.last is not None and group.last.texts:
                deaths = group.deaths
                self._look_at(key, Path(next(iter(group.last.texts))))
                group.deaths = deaths


@lru_cache(maxsize=8)
def shift_between(old: str, new: str) -> Shift:
    """What moved from one text to another; an editor asks several times about the same two."""
    return Shift(old, new)


def path_of(uri: str) -> Path:
    """The file that an editor names."""
    return Path(uris.to_fs_path(uri) or uri)
