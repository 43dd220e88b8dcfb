"""Long lists: who gets all of one, and where that can be seen which a message leaves out."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.cli.calls import Caller
from tests.reminders.scene import HEAD, LEGAL, Make, composed
from tracker.alerts.message import Message
from tracker.alerts.shortening import shorten_to
from tracker.config.addresses import command_address
from tracker.dates.recurrence_parser import parse_rule

MANY = 60
EVENTS = HEAD + "".join(
    f'[[event]]\nid = "n{number}"\ntitle = "Delivery {number:02}"\n'
    f"when = 2030-12-{1 + number % 28:02}\n"
    for number in range(MANY)
)
COMMAND = command_address(("notify-send",), ()).name
WHOLE = (COMMAND, "terminal")
LIMITED = ("mailto:legal@example.org", "ntfy:5722c4e5", "https://example.org:5722c4e5")


def entries_of(message: Message) -> set[str]:
    return set(re.findall(r"Delivery \d\d", message.text))


@pytest.mark.parametrize("channel", [*WHOLE, *LIMITED])
def test_a_channel_without_a_limit_is_given_all_of_a_list(scene: Make, channel: str) -> None:
    legal = replace(LEGAL, channels=(channel,), digest=parse_rule("FREQ=DAILY"), reminders=())
    here = scene(legal, text=EVENTS)
    here.look("2030-11-01 12:00")
    here.text = EVENTS.replace("= 2030-12-", "= 2030-11-")
    changes = [composed(here, row) for row in here.look("2030-11-01 13:00")]
    digests = [composed(here, row) for row in here.look("2030-11-02 09:00")]

    counts = [len(entries_of(message)) for message in (*changes, *digests)]
    assert counts == ([MANY, MANY] if channel in WHOLE else [40, 3 + 40])  # 3 have passed
    for message, number in zip((*changes, *digests), (20, 17), strict=True):
        assert (f"- and {number} more" in message.text) is (channel in LIMITED)


def test_of_what_was_amended_the_days_are_named_between_which_all_is_shown(
    scene: Make, call: Caller
) -> None:
    here = scene(replace(LEGAL, channels=LIMITED[:1], reminders=()), text=EVENTS)
    here.look("2030-11-01 12:00")
    here.text += '[[amendment]]\nid = "first"\non = 2030-10-20\n' + "".join(
        f'[[amendment.event]]\nid = "n{number}"\nwhen = 2031-01-01\n' for number in range(MANY)
    )
    (row,) = here.look("2030-11-05 13:00")
    rest = composed(here, row).blocks[-1].text

    assert rest == "The rest: tracker changes 2030-10-19 2030-11-05"
    call.write("events.toml", here.text)
    shown = call(*rest.split(" ")[3:])
    assert set(re.findall(r"Delivery \d\d", shown.out)) == {f"Delivery {n:02}" for n in range(MANY)}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "The rest is shown nowhere else."), ("ja", "省略した内容は、ほかでは表示されません。")],
)
def test_of_what_was_edited_it_is_said_that_the_rest_is_nowhere_else(
    scene: Make, language: str, sentence: str
) -> None:
    here = scene(replace(LEGAL, channels=LIMITED[:1], reminders=(), language=language), text=EVENTS)
    here.look("2030-11-01 12:00")
    here.text = EVENTS.replace("= 2030-12-", "= 2030-11-")
    (row,) = here.look("2030-11-01 13:00")
    message = composed(here, row)

    assert message.blocks[-1].text == sentence
    for most in (1000, 500, 250):
        shorter = shorten_to(message, lambda seen, most=most: len(seen.text) <= most)  # type: ignore[misc]
        assert shorter.blocks[-1].text == sentence
