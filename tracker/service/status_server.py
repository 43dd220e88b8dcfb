"""A port of its own for whoever watches over the process: /healthz and /metrics, nothing else."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET, AF_INET6
from threading import Thread

from tracker import clock
from tracker.service.metrics import Metrics
from tracker.web.status import METRICS_TYPE, TEXT_TYPE, health_of


class StatusServer:
    """Answers in threads of its own, until it is closed. Raises OSError where it cannot listen."""

    def __init__(self, host: str, port: int, metrics: Metrics) -> None:
        class Handler(_StatusHandler):
            counts = metrics

        class Server(ThreadingHTTPServer):
            address_family = AF_INET6 if ":" in host else AF_INET
            daemon_threads = True

        self._server = Server((host, port), Handler)
        name = f"[{host}]" if ":" in host else host
        self.url = f"http://{name}:{self._server.server_port}/"
        self._thread = Thread(target=self._server.serve_forever, name="status", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _StatusHandler(BaseHTTPRequestHandler):
    counts: Metrics
    timeout = 10
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/metrics":
            self._answer(200, METRICS_TYPE, self.counts.text())
        elif path == "/healthz":
            status, text = health_of(self.counts.report())
            self._answer(status, TEXT_TYPE, text.encode())
        else:  # the root is for who only wants to know whether anybody is there
            self._answer(200 if path == "/" else 404, TEXT_TYPE, b"/healthz\n/metrics\n")

    def _answer(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        headers = {
            "content-type": kind,
            "content-length": str(len(content)),
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def version_string(self) -> str:
        return "tracker"

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(clock.now().timestamp() if timestamp is None else timestamp)

    def log_message(self, *_: object) -> None:
        """It is asked every few seconds."""
