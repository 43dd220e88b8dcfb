"""What a process is made of: built here, once, each part from those before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from tracker import clock
from tracker.alerts.channel import ChannelSettings
from tracker.alerts.delivery_context import DeliveryContext
from tracker.alerts.signed_links import Signer
from tracker.config import Config
from tracker.config.addresses import TERMINAL
from tracker.failures.supervision import Supervisor
from tracker.files.cache import Cache
from tracker.service.acknowledgements import AcknowledgementDesk, AcknowledgementsForAll
from tracker.service.change_planner import ChangePlanner
from tracker.service.delivery_log import DeliveryLog
from tracker.service.delivery_watch import DeliveryWatch
from tracker.service.faults import FaultLog
from tracker.service.file_replication import SharedFiles
from tracker.service.file_watcher import WatchedFiles
from tracker.service.health import Health
from tracker.service.heartbeat import Heartbeat
from tracker.service.log import Log
from tracker.service.no_metrics import NoMetrics, make_metrics
from tracker.service.outage_planner import OutagePlanner
from tracker.service.owed_alerts import OwedAlerts
from tracker.service.planner import Planner
from tracker.service.publisher import Publisher
from tracker.service.reports import LedgerOutages, Reporter
from tracker.service.secret_links import OpenLinks
from tracker.service.settings_watch import SettingsWatch
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.database import Database
from tracker.store.feed_history import FeedHistory
from tracker.store.ledger import Ledger
from tracker.store.outbox import Outbox
from tracker.store.readdressing import Readdressing
from tracker.web.complaints import Complaints

if TYPE_CHECKING:
    from tracker.service.metrics import Metrics

#: It does all; or it serves, and writes down what changed for a process that sends; or it works
#: beside others.
Role: TypeAlias = Literal["all", "serve", "work"]


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one process."""

    role: Role
    config: Config
    log: Log
    reporter: Reporter
    complaints: Complaints  #: of what clients do wrong
    # What it goes by.
    files: WatchedFiles
    settings: SettingsWatch
    database: Database
    ledger: Ledger
    history: FeedHistory
    outages: LedgerOutages
    faults: FaultLog
    supervisor: Supervisor
    # What it does.
    shared: SharedFiles | None  #: None: no other machine has this database
    publisher: Publisher
    owed: OwedAlerts
    planner: Planner
    outage_planner: OutagePlanner
    outbox: Outbox
    delivery: DeliveryContext
    # What it gives to the web.
    links: OpenLinks
    desk: AcknowledgementDesk | None  #: None: messages have no links
    acknowledgements: AcknowledgementsForAll
    # How it is watched.
    watch: DeliveryWatch
    delivery_log: DeliveryLog
    health: Health
    metrics: Metrics | NoMetrics
    heartbeat: Heartbeat | None  #: None: no monitor is to be pinged

    @property
    def sends(self) -> bool:
        return self.role != "serve"


def build_parts(
    files: Sequence[Path],
    config: Config,
    database: Database,
    log: Log,
    *,
    role: Role = "all",
    cache: Cache | None = None,
) -> Parts:
    """The parts of a process that follows those files, which are read once. Raises LedgerError."""
    reporter, outages = Reporter(log), LedgerOutages(log)
    faults = FaultLog(log)
    supervisor = Supervisor(clock.steady, faults)
    watched = WatchedFiles(files, reporter, cache)
    ledger, acknowledgements = Ledger(database), Acknowledgements(database)
    signer = None if config.url is None else Signer(acknowledgements.signing_key(), config.url)
    history = FeedHistory(database)
    is_alone = database.conninfo is None
    shared = None if is_alone else SharedFiles(watched, history, outages, log)
    # What is printed is told by who prints it: who serves only would have it wait for nobody.
    is_heard = role != "serve" or set(config.addresses) != {TERMINAL}
    changes = ChangePlanner(config.recipients, ledger, acknowledgements) if is_heard else None
    publisher = Publisher(history, clock.now, changes)
    planner = Planner(
        config.recipients,
        ledger,
        acknowledgements,
        signer,
        publisher.entries,
        fallback=config.fallback,
    )
    fail_after = config.watching.fail_after
    watch = DeliveryWatch(database, lambda: watched.ids, fail_after, outages)
    health = Health(
        watched,
        publisher,
        outages,
        watch,
        supervisor,
        plans=role == "all",
        listens=not is_alone,
    )
    metrics = make_metrics(ledger, lambda: watched.ids, clock.now, health.report)
    desk = None
    if signer is not None:
        desk = AcknowledgementDesk(
            config.recipients, ledger, acknowledgements, signer, lambda: watched.ids
        )
    heartbeat = None
    if role != "serve" and config.watching.heartbeat is not None:
        heartbeat = Heartbeat(config.watching, health.report, log)
    watched.look()
    outbox = Outbox(database)  # last: where the rest cannot be made, nobody would close it
    delivery_log = DeliveryLog(log, config.everybody, lambda: publisher.timeline, watch)
    delivery = DeliveryContext(
        outbox,
        ChannelSettings(config.delivery, clock.now),
        lambda: planner.composer() if database.is_usable else None,
        delivery_log.log_failure,
        supervisor,
        counter=metrics,
        is_current=None if shared is None else shared.is_current,
        note_ledger=outages.note,
    )
    return Parts(
        role=role,
        config=config,
        log=log,
        reporter=reporter,
        complaints=Complaints(log.write),
        files=watched,
        settings=SettingsWatch(config, log, sends=role != "serve"),
        database=database,
        ledger=ledger,
        history=history,
        outages=outages,
        faults=faults,
        supervisor=supervisor,
        shared=shared,
        publisher=publisher,
        owed=OwedAlerts(config.everybody, Readdressing(database), log),
        planner=planner,
        outage_planner=OutagePlanner(config, database, acknowledgements, signer, planner.composer),
        outbox=outbox,
        delivery=delivery,
        links=OpenLinks(database, lambda: watched.agreements or ()),
        desk=desk,
        acknowledgements=AcknowledgementsForAll(acknowledgements),
        watch=watch,
        delivery_log=delivery_log,
        health=health,
        metrics=metrics,
        heartbeat=heartbeat,
    )
