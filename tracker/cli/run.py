"""`tracker run`: reminders, feed and page in one process; `tracker serve`: without reminders."""

from __future__ import annotations

import gc
import ipaddress
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import CallError, Request
from tracker.cli.output import cache, configured, refuse_files, unreadable

if TYPE_CHECKING:
    from tracker.config import Config
    from tracker.service.process import Process
    from tracker.service.wiring import Role


#: Seconds for all that is under way when a process is to end.
_PATIENCE = 50.0
#: The same where nothing is sent.
_SHORTLY = 10.0
Host = Annotated[str, typer.Option("--host", metavar="ADDRESS")]
Port = Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535)]
LogAs = Annotated[str, typer.Option("--log", metavar="text|json")]
Measured = Annotated[
    str | None, typer.Option("--metrics", metavar="[ADDRESS:]PORT", show_default=False)
]


def run(  # noqa: PLR0917 - its options
    request: Request,
    host: Host = "127.0.0.1",
    port: Port = 8765,
    until_idle: Annotated[bool, typer.Option("--until-idle")] = False,
    metrics: Measured = None,
    log: LogAs = "text",
) -> None:
    process = _process(request, host, log, until_idle=until_idle)
    if until_idle:
        process.once()
        process.close()
        return
    with _watched(process, metrics):
        _serve(process, host, port)


def serve(
    request: Request,
    host: Host = "127.0.0.1",
    port: Port = 8765,
    metrics: Measured = None,
    log: LogAs = "text",
) -> None:
    process = _process(request, host, log, role="serve")
    with _watched(process, metrics):
        _serve(process, host, port)


def worker(
    request: Request,
    concurrency: Annotated[int | None, typer.Option("--concurrency", metavar="N", min=1)] = None,
    metrics: Measured = None,
    log: LogAs = "text",
) -> None:
    process = _process(request, "localhost", log, role="work", most=concurrency)
    stopped = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _signal, _frame: stopped.set())
    with _watched(process, metrics):
        process.start()
        process.parts.log.write("run.working", channels=sorted(process.parts.config.addresses))
        stopped.wait()
        _end(process)


@contextmanager
def _watched(process: Process, where: str | None) -> Iterator[None]:
    """With a port of its own for whoever watches over the process, where one is named."""
    if where is None:
        yield
        return
    from tracker.service.status_server import StatusServer

    host, _, port = where.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") or "127.0.0.1"
    if not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise CallError("run.metrics", where=where)
    try:
        server = StatusServer(host, int(port), process.parts.metrics)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CallError("run.metrics-in-use", where=where, reason=reason) from None
    process.parts.log.write("run.measured", url=f"{server.url}metrics")
    try:
        yield
    finally:
        server.close()


def _process(
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
    from tracker.store.database import Database, LedgerError

    gc.enable()  # it lives long
    if request.as_of is not None:
        raise CallError("run.as-of")
    if request.suppose:
        raise CallError("run.suppose")
    if log not in ("text", "json"):
        raise CallError("query.value", parameter="--log", allowed="text | json")
    sends = role != "serve"
    config = configured(request, _zone(request, until_idle), sends=sends)
    if sends:
        _check_addresses(config, request)
    if not _is_loopback(host) and config.public is None:
        raise CallError("run.host", host=host)
    try:
        parts = build_parts(
            request.named,
            config,
            Database(config.database),
            Log(request.language, log == "json"),
            role=role,
            cache=cache(),
        )
        return Process(parts, most)
    except LedgerError as error:
        raise CallError(error.name, **error.values) from None


def _check_addresses(config: Config, request: Request) -> None:
    """An address that no channel takes is refused now, and not when it is needed."""
    from tracker import clock
    from tracker.alerts.channel import BadAddress, ChannelSettings
    from tracker.alerts.channels import open_channel

    for address in config.addresses.values():
        try:
            open_channel(address, ChannelSettings(config.delivery, clock.now)).close()
        except BadAddress as error:
            refuse_files(config.refused(address, error.diagnostic), request)


def _zone(request: Request, until_idle: bool) -> str:
    """The zone of the first agreement. Files with errors are served once they are mended."""
    from tracker.files.loading import load
    from tracker.files.problems import FileErrors

    try:
        return load(request.files, cache())[0].timezone
    except FileErrors as errors:
        if until_idle:
            refuse_files(errors, request)
        return "UTC"
    except OSError as error:
        raise unreadable(error) from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _serve(process: Process, host: str, port: int) -> None:
    """Serves until Ctrl-C or SIGTERM."""
    import uvicorn

    from tracker import clock
    from tracker.web.app import make_app
    from tracker.web.fast_path import protocol_for
    from tracker.web.site import Site

    listening = _listen(host, port)
    parts, config = process.parts, process.parts.config
    app = make_app(
        Site(
            parts.publisher,
            clock.now,
            parts.health.trouble,
            parts.links.filter_of_secret,
            hosts=config.hosts,
            url=config.url,
            public=config.public is not False,
            desk=parts.desk,
            acknowledgements=parts.acknowledgements,
            metrics=parts.metrics.text,
            count_feed_request=parts.metrics.feed,
            is_local=config.url is None and config.public is None and _is_loopback(host),
        )
    )
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            http=protocol_for(app),
            proxy_headers=False,  # where the page is, tracker.toml says: never a request
            log_level="warning",
            log_config=None if parts.log.as_json else uvicorn.config.LOGGING_CONFIG,
            lifespan="off",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
    )

    def stop(_signal: int, _frame: object) -> None:
        server.should_exit = True

    # From here on a signal ends it well, even before uvicorn takes the signals over; and uvicorn
    # sends itself the signal again once it has shut down: by then it is ours again.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    process.start()
    bound = listening.getsockname()[1]
    name = f"[{host}]" if ":" in host else host
    process.parts.log.write("run.serving", url=f"http://{name}:{bound}/")
    if parts.sends:
        process.log_next_reminder()
    try:
        server.run(sockets=[listening])
    finally:
        _end(process)


def _end(process: Process) -> None:
    """Ends the process well; where its database hangs, all the same."""
    closing = Thread(target=process.close, name="closing", daemon=True)
    closing.start()
    closing.join(_PATIENCE if process.parts.sends else _SHORTLY)
    if closing.is_alive():
        sys.stderr.flush()
        os._exit(1)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        reason = error.strerror or str(error)
        raise CallError("run.port-in-use", host=host, port=port, reason=reason) from None
    return listening
