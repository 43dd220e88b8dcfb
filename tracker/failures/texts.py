"""What a library has logged of a failure as a text alone: the exception itself is gone."""

from __future__ import annotations

import re

from tracker.failures.exceptions import words_in
from tracker.failures.machine import reason_of_number
from tracker.i18n.reasons import Reason

_NUMBER = re.compile(r"\[Errno (\d+)\]")
#: What OpenSSL, resolvers, urllib3 and requests write, and what is meant by it.
_BY_WORDS = (
    (r"self[- ]signed certificate", "tls-self-signed"),
    (r"certificate has expired", "tls-expired"),
    (r"certificate is not yet valid", "tls-not-yet"),
    (r"hostname mismatch|IP address mismatch|doesn't match", "tls-other-name"),
    (r"unable to get (?:local )?issuer certificate|unable to verify the first", "tls-unknown"),
    (r"CERTIFICATE_VERIFY_FAILED", "tls-untrusted"),
    (r"WRONG_VERSION_NUMBER|RECORD_LAYER_FAILURE|UNKNOWN_PROTOCOL", "tls-none"),
    (r"PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL", "tls-version"),
    (r"HANDSHAKE_FAILURE|NO_SHARED_CIPHER", "tls-no-common"),
    ((r"Name or service not known|nodename nor servname|No address associated|getaddrinfo failed"
     r"|Name does not resolve"), "no-host"),
    (r"Temporary failure in name resolution|NameResolutionError|Failed to resolve", "no-names"),
    (r"Proxy ?Error|Unable to connect to proxy|tunnel connection failed", "proxy"),
    (r"timed? ?out", "no-answer"),
    (r"connection refused", "refused"),
    ((r"RemoteDisconnected|closed connection|connection aborted|reset by peer|UNEXPECTED_EOF"
     r"|IncompleteRead|broken pipe"), "hung-up"),
    (r"BadStatusLine|not a valid HTTP|InvalidHeader", "not-http"),
    (r"network is unreachable|no route to host", "no-route"),
)  # fmt: skip


def reason_in(text: str) -> Reason | None:
    """Why it failed, by the text of an exception; None: nothing in it is known.

    >>> reason_in("HTTPSConnectionPool(host='x', port=443): [Errno 111] Connection refused").case
    'refused'
    """
    for pattern, case in _BY_WORDS:
        if re.search(pattern, text, re.IGNORECASE):
            return Reason(case, words_in(text) if case in ("proxy", "tls-untrusted") else "")
    match = _NUMBER.search(text)
    return None if match is None else reason_of_number(int(match[1]))
