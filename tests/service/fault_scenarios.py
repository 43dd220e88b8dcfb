"""What can go wrong, each made for real: by the fault's name in the table of docs/alert-faults.md.

A scenario makes the fault before an alert falls due, and yields; after two hours it goes on, and
mends what is to be mended.
"""

from __future__ import annotations

import errno
import resource
import sqlite3
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from typing import TypeAlias

import pytest
import trustme

from tests.alerts.scripted_mail import END, GREETING, HANG_UP, IN_DATA, STALL
from tests.alerts.servers import deaf_port
from tests.service.office import DUE, Office
from tracker.alerts import thread_delivery
from tracker.store.database import Database

Scenario: TypeAlias = Callable[[Office], Iterator[None]]
SCENARIOS: dict[str, Scenario] = {}

MAILBOX = '"mailto:legal@example.org"'
#: This machine too, by a name that counts as another.
AWAY = "127.0.0.2"
AN_HOUR = timedelta(hours=1)


def fault(name: str) -> Callable[[Scenario], Scenario]:
    """The scenario of that row."""

    def note(scenario: Scenario) -> Scenario:
        SCENARIOS[name] = scenario
        return scenario

    return note


def legal(*addresses: str, more: str = "", name: str = "legal") -> str:
    """That recipient's table, who hears of no changes."""
    return f'name = "{name}"\nto = [{", ".join(addresses or (MAILBOX,))}]\nchanges = false\n{more}'


def begin(office: Office, *recipients: str) -> None:
    office.settings(*recipients or (legal(),))
    office.begin()


def mend(office: Office, *recipients: str) -> None:
    """tracker.toml is corrected, and tracker begun anew."""
    office.settings(*recipients or (legal(),))
    office.restart()


# -- the mail server


@fault("it refuses connections")
def _(office: Office) -> Iterator[None]:
    begin(office)
    office.mail.stop()
    yield
    office.mail.start()


def mail_says(command: str, answer: str) -> Scenario:
    def scenario(office: Office) -> Iterator[None]:
        begin(office)
        office.mail.script[command] = answer
        yield
        office.mail.script.clear()

    return scenario


fault("it lets nobody in (554)")(mail_says(GREETING, "554 no service here"))
fault("a mailbox is refused for now (4xx)")(mail_says("RCPT", "450 4.2.1 mailbox is busy"))
fault("a mailbox is refused (5xx)")(mail_says("RCPT", "550 5.1.1 no such user"))
fault("the mail is refused (5xx)")(mail_says(END, "554 5.7.1 looks like spam"))
fault("it hangs up amid a mail")(mail_says(IN_DATA, HANG_UP))
fault("it hangs up after a mail, before its answer")(mail_says(END, HANG_UP))


@fault("it says nothing")
def _(office: Office) -> Iterator[None]:
    office.hurry(command=0.05)
    begin(office)
    office.mail.script["RCPT"] = STALL
    yield
    office.mail.script.clear()


@fault("it takes its time for its answer to a mail")
def _(office: Office) -> Iterator[None]:
    begin(office)
    office.mail.delay[END] = 0.3
    yield


@fault("the password is wrong")
def _(office: Office) -> Iterator[None]:
    office.mail.password, office.login = "right", "tracker:wrong@"
    begin(office)
    yield
    assert len(office.mail.logins) <= 3 + 1  # doctor's is one
    office.login = "tracker:right@"
    mend(office)


def tls(office: Office, authority: trustme.CA) -> None:
    """The mail server has a certificate, and another name."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(AWAY).configure_cert(context)
    office.mail.tls = context


@fault("it offers no encryption (STARTTLS)")
def _(office: Office) -> Iterator[None]:
    trusted = trustme.CA()
    office.trust(trusted)
    office.host = AWAY
    begin(office)
    yield
    tls(office, trusted)


@fault("nobody vouches for its certificate")
def _(office: Office) -> Iterator[None]:
    trusted = trustme.CA()
    office.trust(trusted)
    office.host = AWAY
    tls(office, trustme.CA())
    begin(office)
    yield
    tls(office, trusted)


# -- a webhook


def hook_says(status: int, **headers: str) -> Scenario:
    def scenario(office: Office) -> Iterator[None]:
        begin(office, legal(f'"{office.hooks.url}"'))
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        office.hooks.answers = [(status, named)] * 1000
        yield
        office.hooks.answers = []

    return scenario


fault("it does not know us (401, 403)")(hook_says(401))
fault("it takes no such thing (400), or there is nothing (404)")(hook_says(400))


@fault("it is gone for good (410)")
def _(office: Office) -> Iterator[None]:
    yield from hook_says(410)(office)
    assert office.hooks.arrived == 1
    assert office.call("alerts", "retry").code == 0


fault("it is overloaded (503)")(hook_says(503))
fault("it has moved (302)")(hook_says(302, location="https://example.org/new"))
fault("it wants to be asked later (429, Retry-After)")(hook_says(429, retry_after="1800"))


@fault("it does not answer")
def _(office: Office) -> Iterator[None]:
    office.hurry()
    begin(office, legal(f'"{office.hooks.url}"'))
    office.hooks.hang = threading.Event()
    yield
    office.hooks.hang.set()


# -- another channel


@fault("one of two addresses takes nothing")
def _(office: Office) -> Iterator[None]:
    begin(office, legal(MAILBOX, f'"{office.hooks.url}"'))
    office.expected = 3  # through each, and one about the first
    office.mail.script["RCPT"] = "550 5.1.1 no such user"
    yield
    office.mail.script.clear()


@fault("the one address takes nothing, and there is a `[fallback]`")
def _(office: Office) -> Iterator[None]:
    office.expected = 2
    begin(office, legal(), f'[fallback]\nto = "{office.hooks.url}"')
    office.mail.script["RCPT"] = "550 5.1.1 no such user"
    yield
    office.mail.script.clear()


# -- tracker.toml is mended while something is owed


@fault("a mailbox is misspelt")
def _(office: Office) -> Iterator[None]:
    office.mail.script["leagl@example.org"] = "550 5.1.1 no such user"
    begin(office, legal('"mailto:leagl@example.org"'))
    yield
    mend(office)


@fault("a webhook's address is wrong")
def _(office: Office) -> Iterator[None]:
    with deaf_port() as port:
        begin(office, legal(f'"http://127.0.0.1:{port}/hook"'))
        yield
    mend(office, legal(f'"{office.hooks.url}"'))


@fault("a mailbox is corrected, and nothing begun anew")
def _(office: Office) -> Iterator[None]:
    office.mail.script["leagl@example.org"] = "550 5.1.1 no such user"
    begin(office, legal('"mailto:leagl@example.org"'))
    office.pass_time([DUE])
    office.settings(legal())
    yield
    office.restart()


@fault("tracker.toml cannot be read as it is")
def _(office: Office) -> Iterator[None]:
    begin(office)
    office.write("tracker.toml", office.read("tracker.toml") + "to =\n")
    yield
    mend(office)


@fault("a recipient gets another name, with `was`")
def _(office: Office) -> Iterator[None]:
    office.mail.script["RCPT"] = "450 4.2.1 mailbox is busy"
    begin(office)
    yield
    office.mail.script.clear()
    mend(office, legal(name="lawyers", more='was = ["legal"]'))


@fault("a recipient gets another name, without `was`")
def _(office: Office) -> Iterator[None]:
    office.mail.script["RCPT"] = "450 4.2.1 mailbox is busy"
    begin(office)
    office.pass_time([DUE])
    mend(office, legal(name="lawyers"))
    yield
    office.mail.script.clear()
    mend(office, legal(name="lawyers", more='was = ["legal"]'))


@fault("the mail server is another one")
def _(office: Office) -> Iterator[None]:
    with deaf_port() as office.mail_port:
        begin(office)
        yield
    office.mail_port = office.mail.port
    mend(office)


@fault("a webhook takes a mailbox's place")
def _(office: Office) -> Iterator[None]:
    office.mail.script["RCPT"] = "550 5.1.1 no such user"
    begin(office)
    yield
    mend(office, legal(f'"{office.hooks.url}"'))


@fault("the hour and the leads are others")
def _(office: Office) -> Iterator[None]:
    office.mail.script["RCPT"] = "450 4.2.1 mailbox is busy"
    begin(office)
    yield
    office.mail.script.clear()
    mend(office, legal(more='at = "08:00"\nreminders = ["7 days"]'))


# -- the files


@fault("an event is missing for some seconds")
def _(office: Office) -> Iterator[None]:
    begin(office)
    office.pass_time([DUE - timedelta(seconds=5)])
    whole = office.read("events.toml")
    office.events('[[event]]\nid = "x"\ntitle = "X"\nwhen = 2040-12-31\n')
    office.pass_time([DUE + timedelta(seconds=second) for second in (-4, -1, 1, 3)])
    office.write("events.toml", whole)
    yield


@fault("an event is missing for hours")
def _(office: Office) -> Iterator[None]:
    begin(office)
    whole = office.read("events.toml")
    office.events('[[event]]\nid = "x"\ntitle = "X"\nwhen = 2040-12-31\n')
    office.pass_time([DUE - timedelta(minutes=minute) for minute in (9, 7, 5)])
    yield
    office.write("events.toml", whole)


@fault("the file cannot be read as it is")
def _(office: Office) -> Iterator[None]:
    begin(office)
    whole = office.read("events.toml")
    office.write("events.toml", f"{whole}[[event]\n")
    office.pass_time([DUE - timedelta(minutes=minute) for minute in (9, 7, 5)])
    yield
    office.write("events.toml", whole)


@fault("the file is gone")
def _(office: Office) -> Iterator[None]:
    begin(office)
    whole = office.read("events.toml")
    (office.folder / "events.toml").unlink()
    office.pass_time([DUE - timedelta(minutes=minute) for minute in (9, 7, 5)])
    yield
    office.write("events.toml", whole)


@fault("the file cannot be opened for now: a network share is away, no descriptor is left")
def _(office: Office) -> Iterator[None]:
    begin(office)
    file = office.folder / "events.toml"
    file.rename(office.folder / "away")
    file.symlink_to(file)
    office.pass_time([DUE - timedelta(minutes=minute) for minute in (9, 7, 5)])
    yield
    (office.folder / "away").replace(file)


# -- the ledger


@fault("another program holds it locked")
def _(office: Office) -> Iterator[None]:
    office.wait_for_no_lock()
    begin(office)
    with closing(sqlite3.connect(office.ledger, isolation_level=None)) as program:
        program.execute("BEGIN EXCLUSIVE")
        yield


@fault("its disk is full")
def _(office: Office) -> Iterator[None]:
    begin(office)
    with full_disk():
        yield


@fault("its disk is full once a mail is out")
def _(office: Office) -> Iterator[None]:
    begin(office)
    with ExitStack() as undo:

        def fill() -> None:
            office.mail.before_answer = None
            undo.enter_context(full_disk())

        office.mail.before_answer = fill
        yield


@fault("it is deleted while tracker runs, and put back")
def _(office: Office) -> Iterator[None]:
    begin(office)
    with office.ledger_elsewhere():
        yield


@fault("another file stands in its place while tracker runs")
def _(office: Office) -> Iterator[None]:
    begin(office)
    with office.ledger_elsewhere():
        Database(f"sqlite:///{office.ledger}").close()
        yield


@fault("it can only be read")
def _(office: Office) -> Iterator[None]:
    begin(office)
    with office.only_readable():
        yield


@contextmanager
def full_disk() -> Iterator[None]:
    """No file can grow, and of none can more be written than its beginning (setrlimit)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


# -- the clock, and other processes


@fault("the clock is set back an hour")
def _(office: Office) -> Iterator[None]:
    begin(office)
    office.pass_time([DUE])
    office.pass_time([DUE - AN_HOUR, DUE - timedelta(minutes=1)])
    yield


@fault("the clock runs ahead for a while")
def _(office: Office) -> Iterator[None]:
    begin(office)
    office.pass_time([DUE + timedelta(days=3), DUE - AN_HOUR])
    yield


@fault("two processes run on one ledger")
def _(office: Office) -> Iterator[None]:
    begin(office)
    office.begin()
    yield


# -- tracker itself, and what it is given by the machine


def fails_in(owner: Callable[[Office], object], name: str, error: BaseException) -> Scenario:
    """Whatever calls that meets an error, until it is mended."""

    def scenario(office: Office) -> Iterator[None]:
        begin(office)
        part = owner(office)
        works = getattr(part, name)

        def fail(*_arguments: object, **_named: object) -> None:
            raise error

        setattr(part, name, fail)
        yield
        setattr(part, name, works)

    return scenario


fault("what is due cannot be planned")(
    fails_in(lambda office: office.processes[0].parts.planner, "write_due", KeyError("notice"))
)
fault("a channel's thread breaks off")(
    fails_in(lambda office: office.processes[0].parts.outbox, "claim", KeyError("notice"))
)
fault("no file can be opened for a channel")(
    fails_in(
        lambda _office: thread_delivery, "_new_loop", OSError(errno.EMFILE, "Too many open files")
    )
)


class NoThread(threading.Thread):
    """One too many for the machine."""

    def start(self) -> None:
        raise RuntimeError("can't start new thread")


fault("the feeds cannot be made")(
    fails_in(lambda office: office.processes[0].parts.publisher, "_next_edition", KeyError("x"))
)


@fault("the machine lets no thread be started")
def _(office: Office) -> Iterator[None]:
    begin(office)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(thread_delivery, "Thread", NoThread)
        yield
