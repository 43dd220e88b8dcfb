"""Channels that are left alone: a wrong password, a bad secret, a receiver that is gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.alerts.scripted_mail import ScriptedMail
from tests.alerts.servers import HookSink
from tests.service.test_delivery import DUE, Post, Runner
from tracker.alerts.delivery import BACK_OFF
from tracker.config.addresses import Address, read_address

TEN_MINUTES, AN_HOUR, A_DAY = timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)
LEGAL = "mailto:legal@example.org"


class Hooks(HookSink):
    """Counts what it is asked, also where it takes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[dict[str, str]] = []

    def arrive(self, headers: dict[str, str]) -> None:
        self.asked.append(headers)


def with_password(post: Post, password: str) -> None:
    server = post.sending.mail
    assert server is not None
    post.sending = post.sending._replace(mail=server._replace(user="tracker", password=password))


@pytest.fixture
def sink() -> Iterator[ScriptedMail]:
    with ScriptedMail() as sink:
        sink.password = "right"
        yield sink


def refused_post(
    folder: Path, posts: list[Post], sink: ScriptedMail, runner: Runner | None = None
) -> Post:
    """50 mails, and a password that is wrong."""
    post = Post(folder, 50, LEGAL, mail_port=sink.port, runner=runner)
    posts.append(post)
    post.stop()
    with_password(post, "wrong")
    post.open()
    return post


def test_a_wrong_password_is_tried_three_times_and_then_once_a_day_and_nothing_fails(
    runner: Runner, tmp_path: Path, posts: list[Post], sink: ScriptedMail
) -> None:
    post = refused_post(tmp_path, posts, sink, runner)
    post.send(DUE)
    tried = [len(sink.logins)]
    for seconds in BACK_OFF[:5]:
        post.pass_time(timedelta(seconds=seconds))
    tried.append(len(sink.logins))
    for _ in range(3 * 24):
        post.pass_time(AN_HOUR)
    tried.append(len(sink.logins))

    assert tried[0] == 1
    assert tried[1] <= 3
    assert 5 <= tried[2] <= 6
    assert post.statuses() == {"written": 50}
    assert [given_up for _, given_up in post.told] == [False]


@pytest.mark.parametrize("how", ["retry", "another password", "the server takes it"])
def test_once_a_password_is_mended_all_that_waited_goes_out(
    how: str, runner: Runner, tmp_path: Path, posts: list[Post], sink: ScriptedMail
) -> None:
    post = refused_post(tmp_path, posts, sink, runner)
    post.send(DUE)
    for wait in (TEN_MINUTES, AN_HOUR, AN_HOUR):
        post.pass_time(wait)
    assert len(sink.logins) == 3
    if how == "another password":
        post.stop()
        with_password(post, "right")
        post.open()
    else:
        sink.password = "wrong"
        if how == "retry":
            post.outbox.retry(["a"])
        else:
            post.send(post.scene.now + A_DAY)
    post.send(post.scene.now)
    post.send(post.scene.now + timedelta(seconds=1))

    assert post.statuses() == {"sent": 50}
    assert len(sink.messages) == 50
    assert len(sink.logins) <= 5


def test_a_process_that_begins_each_hour_tries_a_wrong_password_as_rarely(
    tmp_path: Path, posts: list[Post], sink: ScriptedMail
) -> None:
    post = refused_post(tmp_path, posts, sink)
    post.scene.look(DUE)
    for _ in range(40):
        post.pass_time(AN_HOUR)
        post.stop()
        post.open()

    assert len(sink.logins) <= 4


@pytest.mark.parametrize("status", [401, 403])
def test_a_receiver_that_does_not_know_us_is_asked_now_and_then_and_one_message_at_a_time(
    status: int, runner: Runner, tmp_path: Path, posts: list[Post]
) -> None:
    with Hooks() as sink:
        sink.judge, sink.refusal = lambda _body: "no", status
        post = Post(tmp_path, 30, sink.url, runner=runner)
        posts.append(post)
        post.send(DUE)
        first = len(sink.asked)
        for wait in (TEN_MINUTES, AN_HOUR, AN_HOUR, AN_HOUR):
            post.pass_time(wait)
        later = sink.asked[first:]
        assert post.statuses() == {"written": 30}
        sink.judge = None
        post.send(post.scene.now + A_DAY)
        post.send(post.scene.now + timedelta(seconds=1))

    assert first <= 8
    assert len({headers["webhook-id"] for headers in later}) == len(later) == 2
    assert post.statuses() == {"sent": 30}


def test_a_receiver_that_is_gone_is_asked_no_more_and_what_is_owed_has_failed_at_once(
    runner: Runner, tmp_path: Path, posts: list[Post]
) -> None:
    with Hooks() as sink:
        sink.judge, sink.refusal = lambda _body: "", 410
        post = Post(tmp_path, 30, sink.url, runner=runner)
        posts.append(post)
        post.send(DUE)
        assert post.statuses() == {"failed": 30}
        assert {reason for reason, _ in post.told} == {"no more of it is wanted there (410)"}
        asked = len(sink.asked)
        assert asked <= 8
        post.stop()
        post.open()
        post.send("2030-12-24 09:00")
        assert (post.statuses(), len(sink.asked)) == ({"failed": 60}, asked)
        sink.judge = None
        assert post.outbox.retry(["a"]) == 60
        post.send(post.scene.now)

    assert post.statuses().keys() <= {"sent", "named"}  # some in one message
    assert len(sink.requests) == post.statuses()["sent"]


def test_what_failed_where_a_receiver_is_gone_goes_to_another_address_of_the_same_name(
    runner: Runner, tmp_path: Path, posts: list[Post]
) -> None:
    """As where tracker.toml names it by a variable, whose value is corrected."""
    with Hooks() as gone, HookSink() as there, Hooks() as nowhere:
        gone.judge, gone.refusal = lambda _body: "", 410
        nowhere.judge, nowhere.refusal = lambda _body: "", 410
        post = Post(tmp_path, 8, gone.url, runner=runner)
        posts.append(post)
        post.send(DUE)
        failed = [post.statuses()]
        moved_to(post, nowhere.url)
        failed.append(post.statuses())
        asked = len(nowhere.asked)
        moved_to(post, nowhere.url)
        failed.append(post.statuses())
        assert len(nowhere.asked) == asked > 0
        moved_to(post, there.url)

    assert failed == [{"failed": 8}] * 3
    assert post.statuses() == {"sent": 8}
    assert len(there.requests) == 8


def moved_to(post: Post, url: str) -> None:
    """Begun anew, the address has another value."""
    post.stop()
    address = read_address(url, ())
    assert isinstance(address, Address)
    post.addresses = [address._replace(name=post.addresses[0].name)]
    post.open()
    post.send(post.scene.now)


def test_a_receiver_that_is_not_found_is_asked_again(tmp_path: Path, posts: list[Post]) -> None:
    with HookSink() as sink:
        sink.answers = [(404, {})]
        posts.append(post := Post(tmp_path, 1, sink.url))
        post.send(DUE)
        post.send(post.scene.now + timedelta(seconds=BACK_OFF[0]))

    assert post.statuses() == {"sent": 1}
