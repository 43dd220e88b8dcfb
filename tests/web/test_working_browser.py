"""Working at the pages in a real Chromium: by keyboard without script, and a line being typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.browser import axe_violations, chromium, open_page, serve
from tests.web.working import FILE, Office


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(tmp_path, monkeypatch)


def press_until(page: Page, label: str) -> None:
    """Goes on by the Tab key until the element of that text has the focus, and presses it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and focused.inner_text() == label:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{label} is not reached by keyboard")


def test_by_keyboard_alone_and_without_script_it_is_recorded_and_taken_back(
    browser: Browser, office: Office
) -> None:
    with serve(office.source, edits=office.desk, is_local=True) as url:
        page = open_page(browser, f"{url}/events/lease/signed", java_script_enabled=False)
        press_until(page, "Show what follows")
        expect(page.get_by_text("+ occurred = 2026-11-25")).to_be_visible()
        assert office.text == FILE
        press_until(page, "Write this")
        expect(page.get_by_role("heading", name="What was written last")).to_be_visible()
        assert "occurred = 2026-11-25" in office.text
        press_until(page, "Take it back")
        expect(page.get_by_text("there is no record")).to_be_visible()
        assert office.text == FILE


def test_a_line_says_below_it_what_it_comes_to_and_an_offer_mends_it(
    browser: Browser, office: Office
) -> None:
    with serve(office.source, edits=office.desk, is_local=True) as url:
        page = open_page(
            browser, f"{url}/edit/lease/handover", viewport={"width": 360, "height": 740}
        )
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.get_by_label("When").fill("30 days after signd")
        page.get_by_role("button", name="Write 30 days after signed").click()
        expect(page.get_by_label("When")).to_have_value("30 days after signed")
        page.get_by_label("When").fill("10 days after 2026-12-01")
        expect(page.locator("[id='live.when']")).to_contain_text("11 December 2026")
        page.get_by_role("button", name="Show what follows", exact=True).nth(1).click()
        assert axe_violations(page) == []
        page.get_by_role("button", name="Write this").click()
        expect(page.get_by_role("heading", name="What was written last")).to_be_visible()
        assert axe_violations(page) == []
        page.goto(f"{url}/add")
        assert axe_violations(page) == []
    assert 'when = "10 days after 2026-12-01"' in office.text
