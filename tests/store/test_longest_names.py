"""The longest names that settings and files may hold are kept by every database."""

from __future__ import annotations

import random
import string
from pathlib import Path

from tests.reminders.scene import Scene
from tracker.config import read_config
from tracker.config.recipients import MOST_IN_NAME, Defaults
from tracker.service.acknowledgements import AcknowledgementsForAll

#: Of four bytes each, and so many that no database makes them shorter.
WIDE = [chr(0x20000 + number) for number in range(2000)]


def test_an_alert_of_the_longest_names_is_planned_once_and_acknowledged(
    url: str, tmp_path: Path
) -> None:
    chance = random.Random(0)
    agreement, event, name, due = (
        "".join(chance.choices(string.ascii_lowercase, k=200)) for _ in range(4)
    )

    def wide(count: int) -> str:
        return "".join(chance.choices(WIDE, k=count))

    settings = tmp_path / "tracker.toml"
    settings.write_text(
        '[smtp]\nurl = "smtp://localhost"\nfrom = "t@example.org"\n'
        f'[[recipient]]\nname = "{wide(MOST_IN_NAME)}"\nreminders = ["1 day"]\n'
        f'to = "mailto:{wide(64)}@{wide(253)}"\n'
        f'[[recipient]]\nname = "second"\nreminders = ["1 day"]\nto = [["{wide(3000)}", "x"]]\n',
        encoding="utf-8",
    )  # fmt: skip
    config = read_config(settings, [], Defaults("UTC", "en"), sends=False)
    scene = Scene(
        tmp_path,
        *config.recipients,
        text=f'id = "{agreement}"\ntimezone = "UTC"\n[[event]]\nid = "{event}"\ntitle = "E"\n'
        f'when = "open"\nrepeats = "as it happens"\noccurred = {{ {name} = 2030-12-20 }}\n'
        f'[[event]]\nid = "{due}"\ntitle = "D"\nwhen = "11 days after each {event}"\n',
        url=url,
    )

    timeline = scene.take_up("2030-12-01 12:00")
    scene.look("2030-12-01 12:00")
    planned = scene.look("2030-12-30 12:00")

    assert len(planned) == 2
    assert scene.look("2030-12-30 12:01") == []
    (point,) = (point for point in timeline.points if point.event.id == due)
    acknowledgements = AcknowledgementsForAll(scene.acknowledgements)
    acknowledgements.acknowledge(point, scene.now)
    assert acknowledgements.acknowledged_keys([point]) == {point.key}
    scene.database.close()
