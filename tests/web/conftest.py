"""The shipped agreement, served."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.shipped import timeline
from tests.web.sites import client_of


@pytest.fixture
def shipped() -> Iterator[TestClient]:
    with client_of(timeline(), follow=False) as client:
        yield client
