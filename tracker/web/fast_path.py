"""Responses that are kept go straight to the wire.

Most requests for a feed are for what is kept already. For those, a task, an ASGI conversation and a
head put together anew cost more than all else: uvicorn alone is 0.4 of nginx's requests a second.
Whatever is not kept goes the usual way.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from tracker.web.connection import LimitedProtocol
from tracker.web.gateway import Gateway

#: From so many bytes on a body is handed on as it is: many who read slowly wait for the bytes that
#: are kept, and not for a copy each.
_LARGE = 16_384


def protocol_for(gateway: Gateway) -> type[LimitedProtocol]:
    """The protocol with which that application is served."""

    class FastProtocol(LimitedProtocol):
        def _start_asgi_task(self, cycle: Any, app: Any) -> None:
            # With requests queued up, or a reader who does not keep up, the usual way waits.
            queued = self.pipeline or self.flow.write_paused
            response = None if queued else gateway.immediate_response(cycle.scope)
            if response is None:
                super()._start_asgi_task(cycle, app)
                return
            lines = [STATUS_LINE[response.status]]
            lines += [
                name + b": " + value + b"\r\n" for name, value in self.server_state.default_headers
            ]
            lines += [response.lines, b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"]
            is_large = len(response.content) > _LARGE
            if not is_large:
                lines.append(response.content)
            self.transport.write(b"".join(lines))
            if is_large:
                self.transport.write(response.content)
            cycle.response_started = cycle.response_complete = True
            if not cycle.keep_alive:
                self.transport.close()
            self.on_response_complete()

    return FastProtocol
