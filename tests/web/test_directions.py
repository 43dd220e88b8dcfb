"""A title runs in the direction of its own letters, and turns nothing beside it.

Hebrew and Arabic, and titles with signs of direction that reach out of them (Unicode UAX 9).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from html import unescape

import pytest
from playwright.sync_api import Browser

from tests.alerts.samples import NOW, reminder
from tests.i18n.directions import ARABIC, HEBREW, HOSTILE, ends_open, view
from tests.web.browser import chromium, open_page, serve
from tests.web.sites import client_of
from tracker.alerts.mime import mime_of

PATHS = (
    "/", "/events/a/report", "/timeline", "/timeline?by=party", "/what-if?if.hearing=2029-01-01",
    "/changes?from=2026-01-01&to=2029-01-01", "/subscribe?party=TITLE",
)  # fmt: skip
#: The letters of an element as they stand on the screen, from left to right, line by line.
READ = """(root) => [...root.querySelectorAll("p, h1, h2, li, dd, td, th")].map((block) => {
  const walk = document.createTreeWalker(block, NodeFilter.SHOW_TEXT), lines = new Map();
  for (let node; (node = walk.nextNode()); )
    for (let at = 0; at < node.length; at++) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const box = range.getBoundingClientRect();
      if (box.width < 0.5) continue;
      const line = Math.round(box.bottom / 8);
      lines.set(line, [...(lines.get(line) || []), [box.left, node.data[at]]]);
    }
  const rows = [...lines].sort((a, b) => a[0] - b[0]);
  return rows.map(([, row]) => row.sort((a, b) => a[0] - b[0]).map((one) => one[1]).join(""));
}).flat()"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as begun:
        yield begun


@pytest.mark.parametrize("title", [HEBREW, ARABIC, *HOSTILE[:3], HOSTILE[5]])
def test_on_a_screen_a_title_is_read_as_it_is_written_and_its_day_behind_it(
    browser: Browser, title: str
) -> None:
    with serve(view(title)) as url:
        page = open_page(browser, url, viewport={"width": 1600, "height": 900})
        lines = page.evaluate(f"({READ})(document)")
        rows = [" ".join(line.split()) for line in lines]
        direction = page.locator(".title a").last.evaluate("e => getComputedStyle(e).direction")
        page.goto(f"{url}/events/a/report")
        heading = page.locator("h1").evaluate("e => getComputedStyle(e).direction")
        rows += [" ".join(line.split()) for line in page.evaluate(f"({READ})(document)")]
        page.goto(f"{url}/what-if?if.hearing=2029-01-01")
        rows += [" ".join(line.split()) for line in page.evaluate(f"({READ})(document)")]
        page.close()

    text = "\n".join(rows)
    # Days are never turned, nor what stands behind a title in its line.
    assert "31 December 2030" in text
    assert not re.search("0302|rebmeceD|yam|emoc|yrevE", text)
    assert any(row.endswith("hearing") for row in rows)
    if title in {HEBREW, ARABIC}:
        assert direction == heading == "rtl"
        assert any(title[::-1].replace("(1)", "").split()[0] in row for row in rows)
    if title == HEBREW:
        assert any(f"Note: {title[::-1]}" in row for row in rows)


@pytest.mark.parametrize("title", [HEBREW, ARABIC, *HOSTILE])
def test_in_a_mail_the_day_stays_behind_the_title(title: str) -> None:
    message = reminder(view(title), event="a/report", signer=None)

    mail = message_from_bytes(mime_of(message, "t@example.org", "l@example.org", NOW),
                              policy=policy.default)  # fmt: skip
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    lines = [str(mail["subject"]), *text.splitlines(), *unescape(html).splitlines()]

    assert not [line for line in lines if ends_open(line)]
    if title in {HEBREW, ARABIC}:
        assert f"\u2068{title}\u2069: in 30 days, Tuesday, 31 December 2030" in str(mail["subject"])


@pytest.mark.parametrize("title", [HEBREW, ARABIC, *HOSTILE])
def test_in_pages_and_pictures_a_title_ends_with_its_element(title: str) -> None:
    with client_of(view(title)) as client:
        for path in PATHS:
            response = client.get(path.replace("TITLE", title))
            assert response.status_code == 200
            body = re.sub(r"(?s)<script.*?</script>|<style.*?</style>", "", response.text)
            texts = re.findall(r">([^<]*)<", body)
            assert any(title.split("\u2069", maxsplit=1)[0] in unescape(text) for text in texts), (
                path
            )
            # An override may end with its element, which sets its text apart; an isolate may not.
            for text in map(unescape, texts):
                depth = 0
                for sign in text:
                    depth += (sign in "\u2066\u2067\u2068") - (sign == "\u2069")
                    assert depth >= 0, (path, text)
                assert depth == 0, (path, text)
