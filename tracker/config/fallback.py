"""[fallback]: who is told of what a recipient's channels do not take, where no other one does."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from tracker.config.addresses import Address
from tracker.config.keys import keys_of
from tracker.config.recipients import Defaults, read_addresses
from tracker.config.variables import absent_variables
from tracker.dates.diagnostics import Diagnostic
from tracker.files.values import Reader
from tracker.reminders.recipients import Recipient

#: By which the ledger knows who that is: no recipient has this name where there is a [fallback].
FALLBACK = "fallback"


def read_fallback(
    data: dict[str, Any],
    reader: Reader,
    defaults: Defaults,
    recipients: Collection[Recipient],
    sends: bool,
) -> tuple[Recipient | None, dict[str, Address]]:
    """Who is told, and the addresses; None where there is no such table."""
    if FALLBACK not in data:
        return None, {}
    table = reader.table(data[FALLBACK], (FALLBACK,))
    reader.keys(table, (FALLBACK,), keys_of("fallback"))
    if "to" not in table:
        reader.report(Diagnostic("missing-key", values=(("key", "to"),)), (FALLBACK,))
        return None, {}
    for at, recipient in enumerate(recipients):
        if recipient.name == FALLBACK and "recipient" in data:
            reader.report(Diagnostic("recipient-is-fallback"), ("recipient", at, "name"))
    addresses = read_addresses(table["to"], (FALLBACK, "to"), data, reader, sends)
    channels = tuple(dict.fromkeys(address.name for address in addresses))
    person = Recipient(
        FALLBACK,
        defaults.timezone,
        language=defaults.language,
        channels=channels,
        absent=absent_variables(table["to"]),
    )
    return person, {address.name: address for address in addresses}
