"""What a secret link shows of the agreements that are loaded."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tracker.files.loading import read
from tracker.service.secret_links import shown_by
from tracker.store.secret_links import LinkParameters, SecretLink
from tracker.timeline.filters import Where

A = 'id = "a"\n[[event]]\nid = "hearing"\ntitle = "Hearing"\nwhen = "open"\n'
RENAMED = A.replace('"hearing"\ntitle', '"session"\nwas = ["hearing"]\ntitle')
B = A.replace('"a"', '"b"')
AMENDED = (
    'id = "c"\n[[event]]\nid = "x"\ntitle = "X"\nwhen = "open"\n[[amendment]]\nid = "n"\n'
    'on = 2026-01-01\n[[amendment.event]]\nid = "hearing"\ntitle = "H"\nwhen = "open"\n'
)
HEARING: LinkParameters = (("id", "hearing"),)


@pytest.mark.parametrize(
    ("texts", "parameters", "shown"),
    [
        ([A], (), Where()),
        ([B], (), None),
        ([A, B], (), Where()),
        ([A, B], (("tag", "ip"),), Where(tags=("ip",))),
        ([A], HEARING, Where(ids=("hearing",))),
        ([A, B], HEARING, Where(ids=("hearing",))),
        ([A, AMENDED], HEARING, Where(ids=("hearing",))),
        ([B], HEARING, None),
        ([RENAMED], HEARING, Where(ids=("a/session",))),
        ([RENAMED, B], HEARING, Where(ids=("a/session",))),
        ([RENAMED, B], (("id", "a/hearing"),), Where(ids=("a/session",))),
    ],
)
def test_a_link_made_for_one_agreement_shows_no_other_that_is_loaded(
    texts: list[str], parameters: LinkParameters, shown: Where | None
) -> None:
    agreements, _ = read([f"{at}.toml" for at, _ in enumerate(texts)], [t.encode() for t in texts])
    made = datetime(2026, 11, 25, tzinfo=UTC)
    link = SecretLink("firm", "hash", parameters, made, None, frozenset("a"))

    assert shown_by(link, agreements) == (shown and shown._replace(agreements=("a",)))
