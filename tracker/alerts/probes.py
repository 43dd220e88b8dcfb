"""Questions over HTTP and TLS that send no message, and what their answers mean.

Each is asked once and waited for briefly: `tracker doctor` is for people.
"""

from __future__ import annotations

import socket
import ssl
from urllib.request import getproxies, proxy_bypass

from tracker.alerts.channel import Objection
from tracker.failures.exceptions import reason_of
from tracker.failures.http_status import place_of
from tracker.i18n.reasons import Reason

#: Seconds for one step of an answer.
PATIENCE = 10.0
#: Answers that are about the question alone: many receivers know POST and nothing else.
_IS_THERE = frozenset({400, 405, 406, 411, 413, 415, 422, 501})
#: Answers that receivers give which take messages all the same: their routes know POST alone, or a
#: fault comes of there being no message. 429 passes.
_MAY_MEAN_NOTHING = frozenset({403, 404, 429, 500})


def objection_to_status(status: int, reason: Reason) -> Objection | None:
    """What an answer to OPTIONS says of messages; None: nothing against them.

    >>> objection_to_status(405, Reason("http-405")) is None
    True
    >>> objection_to_status(404, Reason("http-404")).is_certain
    False
    >>> objection_to_status(410, Reason("http-410")).is_certain
    True
    """
    if 200 <= status < 300 or status in _IS_THERE:
        return None
    return Objection(reason, is_certain=status not in _MAY_MEAN_NOTHING)


def reason_of_no_connection(url: str) -> Reason | None:
    """Why that host cannot be reached, as far as a connection shows, in which nothing is asked.

    None: it can, or a proxy stands between.
    """
    scheme = url.partition(":")[0]
    place = place_of(url)
    host, _, port = place.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or (scheme in getproxies() and not proxy_bypass(host)):
        return None
    try:
        with socket.create_connection((host, int(port)), PATIENCE) as connection:
            if scheme == "https":
                with ssl.create_default_context().wrap_socket(connection, server_hostname=host):
                    pass
    except (OSError, ValueError) as error:
        return reason_of(error, place, PATIENCE)
    return None
