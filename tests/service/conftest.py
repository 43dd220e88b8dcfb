"""What tests of deliveries share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.service.machine import Machine
from tests.service.test_delivery import Post
from tests.store.databases import Server


@pytest.fixture
def posts() -> Iterator[list[Post]]:
    found: list[Post] = []
    yield found
    for post in found:
        post.close()


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(durable=True)
    yield server
    server.stop()
