"""Pages as their readers see them, and timelines to be shown, for tests."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

from tests.timeline.scene import event
from tests.timeline.scene import timeline as timeline_of
from tracker.files.loading import read
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve
from tracker.web.page_table import PAGES

HTML = {"accept": "text/html"}
PATHS = tuple(f"/{page.name}" for page in PAGES)
EVENT = "/events/microsoft-openai/research-ip"


def titles(page: str) -> list[str]:
    found = re.findall(r'<p class="title"><a [^>]*>(.*?)</a>', page)
    return [unescape(one) for one in found]


def words(page: str) -> str:
    """What a reader reads, without what only a machine does."""
    return unescape(re.sub(r"</?time[^>]*>", "", page))


def many(count: int, **fields: str) -> Timeline:
    return timeline_of(*(event(f"e-{at:05}", when=f"20{27 + at % 30}-0{1 + at % 9}-01", **fields)
                         for at in range(count)))  # fmt: skip


def timeline_of_files(text: str, *more: str, as_of: date = date(2026, 11, 25)) -> Timeline:
    contents = [one.encode() for one in (text, *more)]
    agreements, _ = read([f"{at}.toml" for at in range(len(contents))], contents)
    return resolve(agreements, as_of)


def hrefs_in(page: str) -> set[str]:
    """The addresses of this site that a page leads to."""
    found = re.findall(r'(?:href|src|action)="([^"#]+)', unescape(page))
    return {one for one in found if not re.match(r"[a-z]+:", one)}
