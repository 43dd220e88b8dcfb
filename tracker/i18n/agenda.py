"""What the agenda says of what waits, beside titles."""

from __future__ import annotations

from tracker.i18n.headings import AwaitedTitles
from tracker.i18n.points import day_text, option_text, waiting_text
from tracker.i18n.translate import Language, translate
from tracker.timeline.movement import movement_of
from tracker.timeline.points import Point
from tracker.timeline.waiting_groups import MOST_TOLD, WaitingGroup


def before_texts(group: WaitingGroup, titles: AwaitedTitles) -> list[str]:
    """What has to happen before what a group waits for, a sentence for each step back."""
    texts = []
    for place, step in enumerate(group.before, 1):
        is_cut = group.is_cut and place == len(group.before)
        name = "agenda.before.more" if is_cut else "agenda.before"
        texts.append(translate(titles.language, name, titles=titles.text(step, MOST_TOLD)))
    return texts


def effects_text(group: WaitingGroup, titles: AwaitedTitles) -> str:
    """What would happen or move if what a group waits for happened, in one sentence."""
    name = "agenda.effects" if len(group.triggers) == 1 else "agenda.effects.several"
    effects = [point.key for point in (*group.then, *group.moved)]
    triggers, then = titles.text(group.triggers), titles.text(effects)
    return translate(titles.language, name, titles=triggers, then=then)


def opening_text(point: Point, language: Language, titles: AwaitedTitles) -> str | None:
    """When what waits for nothing but itself can come; None: on any day, or never."""
    if point.waits_for:
        return None
    if point.status == "option":
        return option_text(point, language, None, titles)
    text = waiting_text(point, language, titles)
    return None if text == translate(language, "may-never") else text


def then_text(point: Point, language: Language) -> str | None:
    """What must be known of what would then have a day: an option need not be used."""
    return translate(language, "agenda.then.option") if point.status == "option" else None


def moved_text(point: Point, language: Language) -> str:
    """From which day a point may then move, and in which direction."""
    day = day_text(point, language)
    if point.stands is None:  # an option, whose last day moves
        return translate(language, "agenda.moved.option", day=day)
    return translate(language, f"agenda.moved.{movement_of(point)}", day=day)
