"""Working at the pages: what follows is shown first, then a second form writes it.

Nothing changes on GET, a form of another site is refused, and a form writes only what was shown: it
carries the seal of the bytes before and after. So one that is sent twice, or that somebody made up,
or that was made before the file changed, writes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tracker.agreements.model import Event
from tracker.failures.exceptions import reason_of
from tracker.files.event_edits import stated_values
from tracker.files.problems import FileErrors
from tracker.files.record_edits import EventFiles, FileEdit, agreements_after
from tracker.files.recorded_edits import CannotUndo, doubts_about, what_follows
from tracker.files.toml_edits import NoRoom
from tracker.files.undo_log import UndoEntry
from tracker.files.writing import FileChanged
from tracker.i18n.translate import translate
from tracker.timeline.point_names import Misnamed
from tracker.web.edit_access import Writer, writer_of
from tracker.web.edit_forms import (
    LINES,
    Conflicts,
    NotOurForm,
    SentForm,
    Wish,
    event_in_files,
    seal_of,
    wish_about,
    wish_to_add,
)
from tracker.web.error_pages import bad_parameters_response, error_response, no_timeline_response
from tracker.web.forms import own_forms_only, read_fields, see_other
from tracker.web.page import Frame
from tracker.web.page_routes import frame_for
from tracker.web.page_work import PageWork
from tracker.web.pages.edit import (
    MOST_SHOWN_AGAIN,
    FieldRefusal,
    Preview,
    add_page,
    conflict_form,
    edit_page,
    live_answer,
    preview_page,
    refusals_of,
    shown_lines,
    written_page,
)
from tracker.web.query import BadParameters, Parameters
from tracker.web.response_headers import PAGE, SAFE
from tracker.web.site import Site

#: A form of an event has every key of it: notes and quotes are long.
_MOST_BYTES, _MOST_FIELDS = 256 * 1024, 80
#: Seconds that who has written waits until the pages say it.
_PATIENCE = 0.1


def edit_routes(site: Site, work: PageWork) -> list[Route]:
    """The routes of the pages that write."""
    handlers = _EditHandlers(site, work)
    event = "/edit/{agreement}/{id}"
    return [
        Route(event, handlers.show),
        Route(event, own_forms_only(site, handlers.change), methods=["POST"]),
        Route("/add", handlers.show_add),
        Route("/add", own_forms_only(site, handlers.add), methods=["POST"]),
        Route("/line", handlers.answer_line),
        Route("/written", handlers.show_written),
        Route("/written", own_forms_only(site, handlers.take_back), methods=["POST"]),
    ]


class _EditHandlers:
    def __init__(self, site: Site, work: PageWork) -> None:
        self._site = site
        self._work = work

    # -- the forms

    async def show(self, request: Request) -> Response:
        async def answer(frame: Frame, writer: Writer) -> Response:
            files = await run_in_threadpool(writer.files.read)
            event = self._event(request, files, frame.timeline.as_of)
            values = await self._work.run(request.scope, stated_values, files, event)
            refusal = writer.refusal
            body = await self._work.run(request.scope, edit_page, frame, event, values, refusal)
            return _page(frame, body)

        return await self._answer(request, answer)

    async def show_add(self, request: Request) -> Response:
        async def answer(frame: Frame, writer: Writer) -> Response:
            if writer.refusal is not None:
                return error_response(request.scope, f"page.{writer.refusal}", 409)
            return _page(frame, add_page(frame))

        return await self._answer(request, answer)

    async def answer_line(self, request: Request) -> Response:
        """What a line comes to while it is typed: a part of a page."""

        async def answer(frame: Frame, writer: Writer) -> Response:
            query = dict(request.query_params)
            home, _, name = query.get("event", "").partition("/")
            home = home or query.get("agreement", "")
            if writer.refusal or all(known.id != home for known in frame.whole.agreements):
                raise NotOurForm
            lines = {key: query[key].strip() for key in LINES if query.get(key, "").strip()}
            key = query.get("key", "")
            body = ""
            if lines:
                arguments = frame, home, name or None, lines, key
                body = await self._work.run(request.scope, live_answer, *arguments)
            return _page(frame, body)

        return await self._answer(request, answer, parameters=("event", "agreement", "key", *LINES))

    # -- what follows, and writing it

    async def change(self, request: Request) -> Response:
        async def answer(frame: Frame, writer: Writer) -> Response:
            form = await read_fields(request, _MOST_BYTES, _MOST_FIELDS)
            files = await run_in_threadpool(writer.files.read)
            as_of = frame.timeline.as_of
            event = self._event(request, files, as_of)
            name, back = event.name, frame.addresses.event(event)

            def wish(sent: SentForm) -> Wish:
                return wish_about(files, event, sent, as_of)

            step = _Step(frame, writer, files, form, back, f"edit.heading.{form.get('action')}")
            return await self._step(request, step, wish, name)

        return await self._answer(request, answer, writes=True)

    async def add(self, request: Request) -> Response:
        async def answer(frame: Frame, writer: Writer) -> Response:
            form = await read_fields(request, _MOST_BYTES, _MOST_FIELDS)
            files = await run_in_threadpool(writer.files.read)
            ids = [agreement.id for agreement in files.agreements]
            home = form.get("agreement") or (ids[0] if len(ids) == 1 else "")
            if home not in ids:
                raise NotOurForm

            def wish(sent: SentForm) -> Wish:
                return wish_to_add(files, home, sent)

            back = frame.addresses.page("add")
            step = _Step(frame, writer, files, form, back, "edit.heading.add")
            return await self._step(request, step, wish, None)

        return await self._answer(request, answer, writes=True)

    async def _step(
        self, request: Request, step: _Step, wish: Callable[[SentForm], Wish], name: str | None
    ) -> Response:
        seal = step.form.get("seal")
        if seal is not None:
            edits = await self._work.run(request.scope, step.sealed_edits, wish)
            if edits is not None:
                return await self._write(request, step, edits)
        preview = await self._work.run(request.scope, step.preview, wish, name)
        if seal is not None and preview.edits:
            shown = step.form.get("shown", "")[:MOST_SHOWN_AGAIN]
            preview = preview._replace(is_changed=True, shown_before=shown)
        return self._show_preview(step, preview)

    async def _write(self, request: Request, step: _Step, edits: Sequence[FileEdit]) -> Response:
        try:
            unnoted = await run_in_threadpool(step.writer.files.write, edits, step.writer.name)
        except FileChanged:  # between our reading and our writing
            shown = shown_lines(edits)[:MOST_SHOWN_AGAIN]
            return self._show_preview(step, Preview(step.form, is_changed=True, shown_before=shown))
        await self._until_taken_up()
        return self._lead_to_written(request, unnoted)

    def _show_preview(self, step: _Step, preview: Preview) -> Response:
        body = preview_page(step.frame, preview, step.back, step.heading)
        is_wrong = preview.is_changed or preview.conflicts
        return _page(step.frame, body, 409 if is_wrong else 422 if preview.refusals else 200)

    async def _until_taken_up(self) -> None:
        """Gives the process the time to read what was written, where it is little."""
        revision, loop = self._site.source.revision, asyncio.get_running_loop()
        end = loop.time() + _PATIENCE
        while self._site.source.revision == revision and loop.time() < end:
            await asyncio.sleep(0.01)

    def _lead_to_written(self, request: Request, unnoted: OSError | None) -> Response:
        up = "../" * (request.url.path.count("/") - 1)
        parameters = [request.url.query] if request.url.query else []
        query = "&".join([*parameters, *(["unnoted=yes"] if unnoted is not None else [])])
        return see_other(f"{up}written", query, SAFE)

    # -- what was written last

    async def show_written(self, request: Request) -> Response:
        async def answer(frame: Frame, writer: Writer) -> Response:
            return await self._last_written(request, frame, writer)

        return await self._answer(request, answer)

    async def _last_written(
        self, request: Request, frame: Frame, writer: Writer, status: int = 200
    ) -> Response:
        is_unnoted = request.query_params.get("unnoted") == "yes"
        notes = [frame.translate("edit.unnoted")] if is_unnoted else []
        if writer.files.uncommitted is not None:
            notes.append(frame.translate("edit.uncommitted", reason=writer.files.uncommitted))
        entries: tuple[UndoEntry, ...] = ()
        preview, refusal = None, None
        try:
            found = await run_in_threadpool(writer.files.last_entries)
            entries = tuple(entry for _, entry in found)
            files = await run_in_threadpool(writer.files.read)
            edits = await run_in_threadpool(writer.files.undo_edits, files, found)
            preview = await self._work.run(
                request.scope, _preview_of, files, edits, frame.timeline.as_of
            )
        except CannotUndo as reason:
            refusal = translate(frame.language, reason.name, **reason.values)
        body = written_page(frame, entries, preview, refusal, notes)
        return _page(frame, body, status)

    async def take_back(self, request: Request) -> Response:
        async def answer(frame: Frame, writer: Writer) -> Response:
            form = await read_fields(request)
            try:
                found = await run_in_threadpool(writer.files.last_entries)
                files = await run_in_threadpool(writer.files.read)
                edits = await run_in_threadpool(writer.files.undo_edits, files, found)
                if form.get("seal") != seal_of(edits):  # something else was written last by now
                    return await self._last_written(request, frame, writer, 409)
                await run_in_threadpool(writer.files.take_back, edits, writer.name)
            except (CannotUndo, FileChanged):
                return await self._last_written(request, frame, writer, 409)
            await self._until_taken_up()
            return see_other("written", request.url.query, SAFE)

        return await self._answer(request, answer, writes=True)

    # -- what they share

    async def _answer(
        self,
        request: Request,
        answer: Callable[[Frame, Writer], Awaitable[Response]],
        writes: bool = False,
        parameters: Sequence[str] = ("unnoted",),
    ) -> Response:
        timeline, writer = self._site.source.timeline, writer_of(self._site, request)
        if writer is None:  # whoever may not write sees no trace of it
            raise HTTPException(404)
        if timeline is None:
            return no_timeline_response(request.scope)
        if writes and writer.refusal is not None:
            return error_response(request.scope, f"page.{writer.refusal}", 409)
        try:
            Parameters(request.query_params.multi_items(), parameters).check()
            frame = await self._work.run(request.scope, frame_for, self._site, request, timeline)
            return await answer(frame, writer)
        except BadParameters as error:
            return bad_parameters_response(request.scope, error.parameters)
        except NotOurForm:
            return error_response(request.scope, "http.form", 400)
        except FileErrors:
            return error_response(request.scope, "page.edit.broken", 409)
        except OSError as error:
            self._site.complain("web.unwritten", reason=reason_of(error))
            return error_response(request.scope, "page.edit.unwritten", 503)

    def _event(self, request: Request, files: EventFiles, as_of: date) -> Event:
        agreement, name = request.path_params["agreement"], request.path_params["id"]
        event = event_in_files(files, agreement, name, as_of)
        if event is None:
            raise HTTPException(404)
        return event


class _Step(NamedTuple):
    """One of the two steps of a form: what it asks for is worked out in each of them."""

    frame: Frame
    writer: Writer
    files: EventFiles
    form: SentForm
    back: str
    heading: str

    def sealed_edits(self, wish: Callable[[SentForm], Wish]) -> Sequence[FileEdit] | None:
        """The edits that were shown, where the form asks for just these and they are sound."""
        try:
            wanted = wish(self.form)
            if not wanted.edits or wanted.seal != self.form.get("seal"):
                return None
            agreements_after(self.files, wanted.edits)
        except (Misnamed, NoRoom, Conflicts, FileErrors):
            return None  # what is wrong is shown
        return wanted.edits

    def preview(self, wish: Callable[[SentForm], Wish], name: str | None) -> Preview:
        """What would be written and what follows from it, or what is wrong."""
        language = self.frame.language
        try:
            wanted = wish(self.form)
        except Misnamed as error:
            return self._refuse(translate(language, error.name, **error.values))
        except NoRoom as error:
            return self._refuse(translate(language, "call.no-room", key=str(error)))
        except Conflicts as conflicts:
            again = conflict_form(self.form, conflicts)
            return Preview(again, conflicts=conflicts.fields)
        edits = [edit for edit in wanted.edits if edit.after != edit.before]
        if not edits:
            return Preview(wanted.form)
        try:
            preview = _preview_of(self.files, edits, self.frame.timeline.as_of)
        except FileErrors as errors:
            refusals = refusals_of(errors, wanted.form, self.frame)
            return Preview(wanted.form, refusals=refusals, edits=edits)
        if name is not None and preview.changes is not None:
            after = agreements_after(self.files, edits)
            doubts = list(doubts_about(name, after, preview.changes.after))
            preview = preview._replace(doubts=doubts)
        shown = shown_lines(edits)[:MOST_SHOWN_AGAIN]
        return preview._replace(form={**wanted.form, "shown": shown}, seal=wanted.seal)

    def _refuse(self, message: str) -> Preview:
        return Preview(self.form, refusals=[FieldRefusal("", message, [])])


def _preview_of(files: EventFiles, edits: Sequence[FileEdit], as_of: date) -> Preview:
    changes = what_follows(files, edits, as_of)
    return Preview({}, seal_of(edits), edits, changes)


def _page(frame: Frame, body: str, status: int = 200) -> HTMLResponse:
    headers = {**SAFE, **PAGE, "cache-control": "no-store", "content-language": frame.language}
    return HTMLResponse(body, status, headers)
