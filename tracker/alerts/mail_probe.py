"""Whether a mail server would take mails: goes as far as a mail goes, up to its content.

Nothing is sent, and each step is asked once and waited for briefly: `tracker doctor` is for people.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracker.alerts.channel import Objection, ProbeResult
from tracker.alerts.mail_refusals import MailCommand, reason_of_mail_error, reason_of_reply
from tracker.alerts.smtp_session import Patience, SmtpSession
from tracker.config.sending import MailServer
from tracker.i18n.reasons import Reason

#: Seconds for one step.
_STEP = 10.0
_BRIEF = Patience(connect=_STEP, greeting=_STEP, command=_STEP)
_FINE = 250
#: What a server says to a mailbox that it takes mail to (RFC 5321, section 4.3.2).
_TAKEN = frozenset({_FINE, 251, 252})


def probe_mail(server: MailServer, mailboxes: Sequence[str]) -> ProbeResult | Reason:
    """TLS, the login, the sender and each mailbox, then RSET (RFC 5321, section 4.1.1.5).

    A Reason: why nothing gets through.
    """
    session = SmtpSession(server, _BRIEF)
    try:
        session.open()
        is_ascii = all(map(str.isascii, (server.sender, *mailboxes)))
        knows_letters = session.dialogue.has_extn("smtputf8")
        options = ["SMTPUTF8"] if knows_letters and not is_ascii else []
        code, text = session.dialogue.mail(server.sender, options)
        if code != _FINE:
            return reason_of_reply(code, text, MailCommand("sender", server.sender))
        objections = [_objection_to(mailbox, session) for mailbox in mailboxes]
        session.dialogue.rset()
    except (OSError, UnicodeError) as error:
        return reason_of_mail_error(error, f"{server.host}:{server.port}", session.seconds)
    finally:
        session.close()
    return ProbeResult("takes", tuple(filter(None, objections)))


def _objection_to(mailbox: str, session: SmtpSession) -> Objection | None:
    name = f"mailto:{mailbox}"
    if not mailbox.isascii() and not session.dialogue.has_extn("smtputf8"):
        return Objection(Reason("mail-no-foreign-letters"), name)
    code, text = session.dialogue.rcpt(mailbox)
    if code in _TAKEN:
        return None
    reason = reason_of_reply(code, text, MailCommand("mailbox", mailbox))
    return Objection(reason, name, is_certain=code >= 500)
