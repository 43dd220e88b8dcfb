"""What `run`, `serve` and `worker` share: a process that follows the files and ends well."""

from __future__ import annotations

import gc
import ipaddress
import os
import signal
import socket
import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.inputs import load_config, unreadable, user_cache
from tracker.cli.options import CallError, Request

if TYPE_CHECKING:
    from tracker.config import Config
    from tracker.service.open_files import ConnectionRoom
    from tracker.service.process import Process
    from tracker.service.status_server import StatusServer
    from tracker.service.wiring import Role
    from tracker.web.peers import Proxies
    from tracker.web.server import WebLimits
    from tracker.web.site import Site


#: Seconds for all that is under way when a process is to end.
_PATIENCE = 50.0
#: The same where nothing is sent.
_SHORT_PATIENCE = 10.0
Host = Annotated[str, typer.Option("--host", metavar="ADDRESS")]
Port = Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535)]
LogForm = Annotated[str, typer.Option("--log", metavar="text|json")]
MetricsAddress = Annotated[
    str | None, typer.Option("--metrics", metavar="[ADDRESS:]PORT", show_default=False)
]


@contextmanager
def close_at_end(process: Process, metrics: str | None) -> Iterator[ConnectionRoom]:
    """Ends the process, whatever happens; gives how many may connect to it.

    Where `metrics` names a port, whoever watches over it is answered there until it has ended.
    """
    with ExitStack() as servers:
        try:
            room = _room_for_connections(process)
            if metrics is not None:
                servers.enter_context(closing(_start_status_server(process, metrics, room)))
            yield room
        finally:
            _close_process(process)


def _room_for_connections(process: Process) -> ConnectionRoom:
    """How many clients may connect; says where that is less than tracker.toml asks for."""
    from tracker.service.open_files import make_room

    wanted = process.parts.config.web.connections
    room = make_room(wanted)
    if room.connections < wanted:
        process.parts.log.write("web.room", "warning", wanted=wanted, **room._asdict())
    return room


def _limits(process: Process, connections: int, proxies: Proxies) -> WebLimits:
    from tracker.web.places import Places
    from tracker.web.server import WebLimits

    parts = process.parts
    places = Places(connections, proxies.has)
    return WebLimits(places, parts.config.web.patience, parts.complaints.note)


def metrics_place(address: str) -> tuple[str, int]:
    """The host and the port that an address names."""
    host, _, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") or "127.0.0.1"
    if not (port.isascii() and port.isdigit() and len(port) <= 5) or int(port) > 65535:
        raise CallError("run.metrics", where=address)
    return host, int(port)


def _start_status_server(process: Process, address: str, room: ConnectionRoom) -> StatusServer:
    from tracker.failures.extras import MissingLibrariesError
    from tracker.service.no_metrics import NoMetrics
    from tracker.service.status_server import StatusServer
    from tracker.web.peers import Proxies

    host, port = metrics_place(address)
    metrics = process.parts.metrics
    if isinstance(metrics, NoMetrics):
        raise MissingLibrariesError("postgres")
    try:
        listening = _listen(host, port)
    except (OSError, UnicodeError) as error:  # a name that is none
        from tracker.failures.exceptions import reason_of

        reason = reason_of(error)
        raise CallError("run.metrics-in-use", where=address, reason=reason) from None
    url = _url_of(host, listening)
    limits = _limits(process, room.for_status, Proxies())
    server = StatusServer(listening, url, metrics, limits, process.parts.supervisor)
    process.parts.log.write("run.measured", url=f"{url}metrics")
    return server


def build_process(
    request: Request,
    host: str,
    log: str,
    *,
    until_idle: bool = False,
    role: Role = "all",
    most: int | None = None,
) -> Process:
    """The process that follows the files, or a refusal of what it was called with."""
    from tracker.service.log import Log
    from tracker.service.process import Process
    from tracker.service.wiring import build_parts
    from tracker.store.database import Database, LedgerError, without_password

    gc.enable()  # it lives long
    if request.as_of is not None:
        raise CallError("run.as-of")
    if request.suppose:
        raise CallError("run.suppose")
    if log not in ("text", "json"):
        raise CallError("query.value", parameter="--log", allowed="text | json")
    sends = role != "serve"
    config = load_config(request, _zone(request, until_idle), sends=sends)
    if sends:
        _check_addresses(config)
    if not _is_loopback(host) and config.public is None:
        raise CallError("run.host", host=host)
    try:
        with ExitStack() as undo:
            database = Database(config.database)
            undo.callback(database.close)
            process_log = Log(request.language, log == "json")
            if database.is_begun_anew:
                where = without_password(config.database)
                process_log.write("ledger.begun", "warning", database=where)
            parts = build_parts(
                request.paths, config, database, process_log, role=role, cache=user_cache()
            )
            parts.faults.take_over_threads()
            process = Process(parts, most)
            undo.pop_all()
            if sends and not until_idle and config.source is None and config.file is not None:
                process_log.write("run.no-settings", "warning", file=str(config.file.absolute()))
            return process
    except LedgerError as error:
        raise CallError(error.name, **error.values) from None


def _check_addresses(config: Config) -> None:
    """An address that no channel takes is refused now, and not when it is needed."""
    from tracker import clock
    from tracker.alerts.channel import BadAddress, ChannelSettings
    from tracker.alerts.channels import open_channel

    for address in config.addresses.values():
        try:
            open_channel(address, ChannelSettings(config.delivery, clock.now)).close()
        except BadAddress as error:
            raise config.address_errors(address, error.diagnostic) from None


def _zone(request: Request, until_idle: bool) -> str:
    """The zone of the first agreement. Files with errors are served once they are mended."""
    from tracker.files.loading import load
    from tracker.files.problems import FileErrors

    try:
        return load(request.files, user_cache())[0].timezone
    except FileErrors:
        if until_idle:
            raise
        return "UTC"
    except OSError as error:
        raise unreadable(error) from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _site_of(process: Process, host: str, proxies: Proxies) -> Site:
    """What the process serves there, and to whom."""
    from tracker import clock
    from tracker.service.edit_desk import EditDesk
    from tracker.web.site import Site

    parts, config = process.parts, process.parts.config
    return Site(
        parts.publisher,
        clock.now,
        parts.health.trouble,
        parts.links.filter_of_secret,
        look_up_links=parts.links.look_up,
        hosts=config.hosts,
        url=config.url,
        public=config.public is not False,
        # Else a page that somebody looks at could read what is only served on their machine,
        # or in their network.
        shares_feeds=config.public is True,
        desk=parts.desk,
        acknowledgements=parts.acknowledgements,
        edits=EditDesk(
            parts.files,
            process.take_up_files,
            is_shared=parts.shared is not None,
            commits=config.web.commit,
        ),
        writer_of_secret=parts.links.writer_of_secret,
        metrics=parts.metrics.text,
        count_feed_request=parts.metrics.count_feed_request,
        undelivered=lambda: parts.watch.summary,
        proxies=proxies,
        page_time=config.web.page_time,
        complain=parts.complaints.note,
        health=parts.health.report,
        is_local=config.url is None and config.public is None and _is_loopback(host),
    )


def serve_until_stopped(process: Process, host: str, port: int, room: ConnectionRoom) -> None:
    """Serves until Ctrl-C or SIGTERM."""
    from tracker.failures.supervision import Duty
    from tracker.web.app import make_app
    from tracker.web.fast_path import protocol_for
    from tracker.web.peers import Proxies
    from tracker.web.server import WebServer

    # Of what was begun without descriptors: whoever reads it can do nothing with it.
    warnings.simplefilter("ignore")
    listening = _listen_for_page(host, port)
    parts = process.parts
    proxies = Proxies(parts.config.web.proxies)
    app = make_app(_site_of(process, host, proxies))
    limits = _limits(process, room.for_page, proxies)
    server = WebServer(app, protocol_for(app), limits, parts.supervisor, Duty("serve"))

    def stop(_signal: int, _frame: object) -> None:
        server.should_exit = True

    # From here on a signal ends it well, even before uvicorn takes the signals over; and uvicorn
    # sends itself the signal again once it has shut down: by then it is ours again.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with listening:
        process.start()
        parts.log.write("run.serving", url=_url_of(host, listening))
        if parts.config.web.lacks_proxies:
            parts.log.write("web.no-proxies", "warning")
        if parts.sends:
            process.log_next_reminder()
        server.run(sockets=[listening])


def _close_process(process: Process) -> None:
    """Ends the process well; where its database hangs, all the same."""
    thread = Thread(target=process.close, name="closing", daemon=True)
    try:
        thread.start()
    except (RuntimeError, MemoryError):  # no more can be started: then without a limit of time
        process.close()
        return
    thread.join(_PATIENCE if process.parts.sends else _SHORT_PATIENCE)
    if thread.is_alive():
        sys.stderr.flush()
        os._exit(1)


def _listen_for_page(host: str, port: int) -> socket.socket:
    try:
        return _listen(host, port)
    except (OSError, UnicodeError) as error:  # a name that is none
        from tracker.failures.exceptions import reason_of

        reason = reason_of(error)
        raise CallError("run.port-in-use", host=host, port=port, reason=reason) from None


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises OSError, UnicodeError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except (OSError, UnicodeError):  # a name that is none
        listening.close()
        raise
    return listening


def _url_of(host: str, listening: socket.socket) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listening.getsockname()[1]}/"
