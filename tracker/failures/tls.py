"""Why no encrypted connection came about: certificates, and what both sides can speak."""

from __future__ import annotations

import re

from tracker.i18n.reasons import Reason

#: X509_V_ERR_… of OpenSSL (x509_vfy.h), which are what ssl gives as `verify_code`.
_BY_VERIFY_CODE = {
    9: "tls-not-yet",
    10: "tls-expired",
    18: "tls-self-signed",
    19: "tls-self-signed",
    **dict.fromkeys((2, 20, 21, 27), "tls-unknown"),
    23: "tls-revoked",
    **dict.fromkeys((66, 67, 68), "tls-weak"),
    **dict.fromkeys((62, 63, 64), "tls-other-name"),
}
#: Parts of the names of OpenSSL's reasons.
_BY_REASON = (
    (r"UNEXPECTED_EOF|^EOF|CONNECTION_RESET", "hung-up"),
    ((r"WRONG_VERSION_NUMBER|HTTP_REQUEST|HTTPS_PROXY|RECORD_LAYER_FAILURE|UNKNOWN_PROTOCOL"
     r"|PACKET_LENGTH|RECORD_OVERFLOW|BAD_RECORD_TYPE"), "tls-none"),
    (r"PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|NO_PROTOCOLS", "tls-version"),
    (r"CERTIFICATE_REQUIRED|PEER_DID_NOT_RETURN", "tls-client"),
    (r"UNRECOGNIZED_NAME", "tls-other-name"),
    (r"TOO_SMALL|TOO_WEAK|DH_KEY", "tls-weak"),
    (r"HANDSHAKE_FAILURE|NO_SHARED|NO_CIPHERS|NO_SUITABLE|INSUFFICIENT_SECURITY", "tls-no-common"),
    (r"UNKNOWN_CA|CERTIFICATE_UNKNOWN|BAD_CERTIFICATE|CERTIFICATE_EXPIRED", "tls-client"),
)  # fmt: skip


def reason_of_tls(error: BaseException) -> Reason:
    """Why TLS did not come about, by what `ssl` raises.

    >>> import ssl
    >>> reason_of_tls(
    ...     ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version (_ssl.c:1006)")
    ... ).text("en")
    'no TLS is spoken there: another port, or another beginning of the address?'
    """
    code = getattr(error, "verify_code", 0)
    if code:
        case = _BY_VERIFY_CODE.get(code)
        if case is not None:
            return Reason(case)
        return Reason("tls-untrusted", str(getattr(error, "verify_message", "")))
    name = getattr(error, "reason", None) or ""
    if not name and (match := re.search(r"\[SSL: (\w+)\]", str(error))):
        name = match[1]
    name = name or type(error).__name__.removeprefix("SSL").removesuffix("Error").upper()
    for pattern, case in _BY_REASON:
        if re.search(pattern, name):
            return Reason(case)
    return Reason("tls-failed", name.replace("_", " ").lower())
