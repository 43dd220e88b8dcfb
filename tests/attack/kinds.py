"""All kinds of attack there are."""

from __future__ import annotations

from tests.attack.addresses import ADDRESSES
from tests.attack.answers import ANSWERS
from tests.attack.calls import CALLS
from tests.attack.edits import EDITS
from tests.attack.events_files import FILES
from tests.attack.kills import KILLS
from tests.attack.kind import Kind
from tests.attack.records import RECORDS
from tests.attack.requests import REQUESTS
from tests.attack.settings_files import SETTINGS
from tests.attack.texts import TEXTS

KINDS: tuple[Kind, ...] = (
    FILES, SETTINGS, CALLS, REQUESTS, TEXTS, RECORDS, EDITS, ANSWERS, KILLS, ADDRESSES,
)  # fmt: skip
