"""What is served: the pages, feeds in every form, the API, /healthz, and acknowledgements.

The gateway sends what is kept; only what is not goes through Starlette, and is kept in its turn.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from tracker.store.database import LedgerError
from tracker.web.alert_routes import alert_routes
from tracker.web.edit_routes import edit_routes
from tracker.web.error_pages import RETRY_AFTER, error_response
from tracker.web.event_routes import event_routes
from tracker.web.feed_routes import feed_routes
from tracker.web.gateway import Gateway
from tracker.web.page_routes import page_routes
from tracker.web.page_work import OutOfTime, PageWork
from tracker.web.picture_routes import picture_routes
from tracker.web.site import Site
from tracker.web.status import HealthReport, status_routes


def make_app(site: Site) -> Gateway:
    """The application."""
    work = PageWork(site.page_time, site.proxies, site.complain)
    # Of their own: whoever has the pages work out much keeps no calendar from its readers.
    feed_work = PageWork(site.page_time, site.proxies, site.complain)
    routes = [
        *page_routes(site, work),
        *picture_routes(site, work),
        *event_routes(site, work),
        *edit_routes(site, work),
        *feed_routes(site, feed_work),
        *status_routes(
            site.health or (lambda: HealthReport(site.trouble(), site.undelivered())), site.metrics
        ),
    ]
    if site.desk is not None:
        routes += alert_routes(site, site.desk)
    handlers = {
        HTTPException: _http_error,
        LedgerError: _ledger_error,
        OutOfTime: _out_of_time,
        ClientDisconnect: _nobody_there,
        Exception: _fault,  # the gateway has it too, and says so in the log
    }
    app = Starlette(routes=routes, exception_handlers=handlers)  # type: ignore[arg-type]
    app.router.redirect_slashes = False  # it knows nothing of the link that a path stands behind
    return Gateway(site, app)


async def _http_error(request: Request, error: HTTPException) -> Response:
    """Nothing there, or nothing to be done to it: one response, whatever was asked for."""
    name = {405: "http.method", 413: "http.large-form"}.get(error.status_code, "http.nothing")
    return error_response(request.scope, name, error.status_code, dict(error.headers or {}))


async def _ledger_error(request: Request, _error: LedgerError) -> Response:
    """An acknowledgement could not be written down: it is to be given again."""
    return error_response(request.scope, "http.ledger", 503, {"retry-after": RETRY_AFTER})


async def _out_of_time(request: Request, error: OutOfTime) -> Response:
    return error_response(request.scope, error.name, 503, {"retry-after": RETRY_AFTER})


async def _nobody_there(_request: Request, _error: ClientDisconnect) -> Response:
    """Whoever sent a form went away in the midst of it: this goes nowhere."""
    return Response(status_code=400)


async def _fault(request: Request, _error: Exception) -> Response:
    return error_response(request.scope, "http.fault", 500)
