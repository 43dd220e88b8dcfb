"""The pages in a real Chromium: by keyboard, by finger, on a phone, on paper, in the dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.end_to_end.processes import Running
from tests.reminders.scene import HEAD, LEGAL, NOTICE
from tests.shipped import EVENTS, timeline
from tests.timeline.scene import agreement, event
from tests.timeline.scene import timeline as timeline_of
from tests.web.browser import (
    COLOURS,
    Watched,
    axe_violations,
    chromium,
    close_pages,
    many,
    open_page,
    pages_of,
    serve,
)  # fmt: skip
from tests.web.reading import timeline_of_files
from tests.web.scene import LinkScene
from tracker.service.acknowledgements import AcknowledgementsForAll
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.database import Database
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve

#: A crowd of events, and the full form of it, which takes minutes.
MANY = [100, pytest.param(2000, marks=pytest.mark.soak)]
#: Boxes of labels that meet another's, labels that leave the picture, and how many there are.
LABELS = """() => {
  let met = 0, left = 0, count = 0;
  for (const svg of document.querySelectorAll("svg.picture")) {
    const frame = svg.getBoundingClientRect();
    const boxes = [...svg.querySelectorAll("a.event text")].map((one) => one.getBoundingClientRect());
    if (!frame.width) continue;
    count += svg.querySelectorAll("a.event").length;
    boxes.forEach((a, at) => {
      if (a.left < frame.left - 1 || a.right > frame.right + 1) left++;
      for (const b of boxes.slice(at + 1))
        if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) met++;
    });
  }
  return [met, left, count];
}"""
UNFOLD = "for (const one of document.querySelectorAll('details')) one.open = true"
SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) sum += one.value;
  }).observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
})"""


@pytest.fixture(scope="module")
def begun_browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def browser(begun_browser: Browser) -> Iterator[Browser]:
    """One for all tests, in which each has pages of its own."""
    yield begun_browser
    close_pages(begun_browser)


@pytest.fixture
def site() -> Iterator[str]:
    with serve(timeline()) as url:
        yield url


# -- whose clock


INSTANTS = """id = "a"
timezone = "Europe/Berlin"
[[event]]
id = "papers"
title = "Papers"
when = "2027-01-15 23:59 AoE"
[[event]]
id = "call"
title = "Call"
when = "2027-01-15 17:00"
[[event]]
id = "dinner"
title = "Dinner"
when = "2027-01-15"
"""


def whens(page: Page) -> list[str]:
    """What the agenda says of each day."""
    texts = page.locator(".entry").evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('.when, .countdown')]"
        ".map(part => part.innerText).join(' '))"
    )
    return [" ".join(text.split()) for text in texts]


def test_a_page_tells_instants_by_the_clock_of_its_browser_and_without_a_script_the_agreements(
    browser: Browser,
) -> None:
    with serve(timeline_of_files(INSTANTS, as_of=date(2027, 1, 14))) as url:
        toronto = open_page(browser, "about:blank", timezone_id="America/Toronto")
        watched = Watched(toronto)
        toronto.goto(url)
        apia = open_page(browser, url, timezone_id="Pacific/Apia", locale="ja", color_scheme="dark")
        stated = open_page(browser, url, timezone_id="Etc/GMT+12")
        plain = open_page(browser, url, java_script_enabled=False, timezone_id="Asia/Tokyo")
        kolkata = open_page(browser, url, timezone_id="Asia/Kolkata")

        assert whens(toronto) == [
            "15 Jan 11:00 (America/Toronto) tomorrow",
            "15 Jan tomorrow",
            "15 Jan AoE Saturday, 16 January 2027, 06:59 (America/Toronto) in 2 days",
        ]
        assert whens(apia) == [
            "1月15日 明日",
            "1月15日 Pacific/Apia では2027年1月16日(土)05:00 2日後",
            "1月15日 AoE Pacific/Apia では2027年1月17日(日)00:59 3日後",
        ]
        assert "15 Jan 21:30 (Asia/Kolkata) tomorrow" in whens(kolkata)
        assert whens(stated)[1] == "15 Jan AoE tomorrow"
        assert whens(plain)[0] == "15 Jan tomorrow"
        assert "Saturday, 16 January 2027, 12:59 (Europe/Berlin) in 2 days" in whens(plain)[2]
        assert toronto.evaluate(SHIFT) == 0
        assert axe_violations(apia, COLOURS) == []
        assert watched.complaints == []
        own = open_page(browser, f"{url}/events/a/papers", timezone_id="America/Toronto")
        expect(own.locator(".fields").first).to_contain_text(
            "15 January 2027 AoE, which is Saturday, 16 January 2027, 06:59 (America/Toronto)"
        )


def test_where_the_browsers_day_is_another_all_of_a_page_is_counted_from_it(
    browser: Browser,
) -> None:
    now = datetime(2027, 1, 14, 21, tzinfo=UTC)  # 15 January on the island
    agreements = timeline_of_files(INSTANTS).agreements
    with serve(resolve(agreements, date(2027, 1, 14), now=now)) as url:
        page = browser.new_context(timezone_id="Pacific/Kiritimati").new_page()
        page.clock.set_fixed_time(now)
        page.goto(url)

        assert whens(page) == [
            "15 Jan today",
            "15 Jan Saturday, 16 January 2027, 06:00 (Pacific/Kiritimati) tomorrow",
            "15 Jan AoE Sunday, 17 January 2027, 01:59 (Pacific/Kiritimati) in 2 days",
        ]
        expect(page.locator("header .day")).to_contain_text(
            "as of 14 January 2027; 15 January 2027 in Pacific/Kiritimati"
        )
        page.clock.set_fixed_time(datetime(2027, 1, 15, 21, tzinfo=UTC))  # a copy that was kept
        page.reload()
        assert whens(page)[0] == "15 Jan yesterday"


# -- what if


def test_what_if_is_answered_by_keyboard_alone_without_a_reload(
    browser: Browser, site: str
) -> None:
    page = open_page(browser, f"{site}/what-if")
    page.evaluate("window.stayed = true")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "if.agi-verified":
            break
    page.keyboard.type("05012029")
    page.keyboard.press("Enter")

    expect(page.locator("#found h2")).to_have_text("If agi-verified on 1 May 2029")
    expect(page.locator("#found")).to_contain_text("31 December 2030 → then: 1 May 2029")
    assert page.url == f"{site}/what-if?if.agi-verified=2029-05-01"
    assert page.evaluate("window.stayed")


def test_what_if_is_a_plain_form_without_javascript(browser: Browser, site: str) -> None:
    page = open_page(browser, f"{site}/what-if", java_script_enabled=False)
    page.locator('input[name="if.agi-verified"]').fill("2029-05-01")
    page.get_by_role("button", name="Show what moves").click()

    expect(page.locator("#found h2")).to_have_text("If agi-verified on 1 May 2029")
    assert page.url == f"{site}/what-if?if.agi-verified=2029-05-01"


def test_an_address_that_was_shared_shows_the_same(browser: Browser, site: str) -> None:
    page = open_page(browser, f"{site}/what-if?never=agi-verified", locale="ja-JP")

    expect(page.locator("#found h2")).to_contain_text("発生しない")
    assert page.locator('input[value="agi-verified"]').is_checked()


def test_a_day_and_never_exclude_each_other_in_form_and_address(
    browser: Browser, site: str
) -> None:
    page = open_page(browser, f"{site}/what-if?if.agi-verified=2029-05-01")
    page.locator('input[value="agi-verified"]').check()
    page.wait_for_url(f"{site}/what-if?never=agi-verified")

    assert page.locator('input[name="if.agi-verified"]').input_value() == ""
    page.goto(f"{site}/what-if?if.agi-verified=2029-05-01&never=agi-verified")
    assert page.url == f"{site}/what-if?never=agi-verified"


# -- filters


def unfold_filters(page: Page) -> None:
    page.locator(".filter > summary").click()


def test_what_was_found_is_said_and_what_is_stale_is_marked(browser: Browser, site: str) -> None:
    page = open_page(browser, site)
    unfold_filters(page)
    page.get_by_label("Text").fill("zzzz")
    expect(page.locator("#said")).to_have_text("0 found")
    page.goto(f"{site}/changes?from=2025-10-01&to=2025-11-01")
    page.get_by_label("From").fill("2025-12-01")

    expect(page.locator("#found")).to_have_class("stale")
    expect(page.locator("#said")).to_contain_text("of an earlier choice")
    page.get_by_label("To", exact=True).fill("2026-01-01")
    expect(page.locator("#found")).not_to_have_class("stale")


def test_a_filter_narrows_at_once_and_stands_in_the_address(browser: Browser, site: str) -> None:
    page = open_page(browser, site)
    page.evaluate("window.stayed = true")
    unfold_filters(page)
    page.get_by_label("Tag").select_option("ip")
    expect(page.locator(".chosen")).to_contain_text("ip")
    page.get_by_label("Text").fill("research")

    expect(page.locator("#in-force .title")).to_have_count(2)
    assert page.url == f"{site}/?tag=ip&q=research"
    assert page.evaluate("window.stayed")
    for link in (
        "a.switch",
        'nav a[href^="timeline"]',
        'nav a[href^="subscribe"]',
        "footer a >> nth=0",
    ):
        assert "tag=ip" in (page.locator(link).get_attribute("href") or ""), link


def test_back_undoes_one_choice_after_the_other_in_form_and_list(
    browser: Browser, site: str
) -> None:
    page = open_page(browser, site)
    every = page.locator(".title").count()
    unfold_filters(page)
    page.get_by_label("Tag").select_option("ip")
    page.wait_for_url(f"{site}/?tag=ip")
    narrowed = page.locator(".title").count()
    page.get_by_label("Text").press_sequentially("resear", delay=300)  # one text is one step
    page.wait_for_url(f"{site}/?tag=ip&q=resear")

    page.go_back()
    page.wait_for_url(f"{site}/?tag=ip")
    expect(page.locator("#found .title")).to_have_count(narrowed)
    assert page.get_by_label("Text").input_value() == ""
    expect(page.locator(".filter summary")).to_have_text("Filter (1)")
    page.go_back()
    expect(page.locator("#found .title")).to_have_count(every)
    assert (page.url, page.get_by_label("Tag").input_value()) == (f"{site}/", "")
    page.go_forward()
    expect(page.locator("#found .title")).to_have_count(narrowed)
    assert page.get_by_label("Tag").input_value() == "ip"


def test_a_day_can_be_typed_as_slowly_as_one_types(browser: Browser, site: str) -> None:
    page = open_page(browser, f"{site}/timeline?from=2026-01-01")
    page.evaluate("window.stayed = true")
    unfold_filters(page)
    page.get_by_label("To", exact=True).focus()
    page.keyboard.type("05012030", delay=350)

    expect(page.locator(".remark", has_text="outside these days")).to_be_visible()
    assert page.evaluate("window.stayed")
    page.wait_for_url(f"{site}/timeline?from=2026-01-01&to=2030-05-01")


def test_what_was_chosen_stays_when_more_is(browser: Browser, site: str) -> None:
    page = open_page(browser, f"{site}/?tag=ip&tag=revenue")
    unfold_filters(page)
    page.get_by_label("Text").fill("Microsoft")

    page.wait_for_url(f"{site}/?tag=ip&q=Microsoft&tag=revenue")
    expect(page.locator(".chosen")).to_contain_text("revenue")


def test_a_value_that_is_taken_away_is_gone(browser: Browser, site: str) -> None:
    page = open_page(browser, f"{site}/?tag=ip&tag=agi&party=OpenAI")
    page.get_by_role("link", name="without agi").click()

    assert page.url == f"{site}/?party=OpenAI&tag=ip"
    expect(page.locator(".chosen li")).to_have_count(3)


# -- subscribe


def test_each_calendar_is_led_to_the_feed_that_was_chosen(browser: Browser, site: str) -> None:
    page = open_page(browser, f"{site}/?tag=ip", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="Subscribe to this").click()
    page.get_by_label("7 days before").check()
    address = f"{site}/calendar.ics?lang=en&tag=ip&alarms=7d"
    expect(page.locator("#address")).to_have_text(address)
    links = [one.get_attribute("href") or "" for one in page.locator(".clients a").all()]
    page.get_by_role("button", name="Copy").click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
    assert sorted(re.split("[:?]", link)[1][:26] for link in links) == [
        "//127.0.0.1", "//127.0.0.1", "//calendar.google.com/cale",
        "//outlook.live.com/calenda", "//outlook.office.com/calen",
    ]  # fmt: skip
    assert page.request.get(address).headers["content-type"] == "text/calendar; charset=utf-8"


# -- answering


def test_the_button_of_a_message_is_taken_from_a_browser(browser: Browser, tmp_path: Path) -> None:
    scene = LinkScene(tmp_path, LEGAL, text=HEAD + NOTICE)
    scene.look("2030-11-01 12:00")
    (row,) = scene.look("2030-12-01 09:00")
    with serve(scene.source(), desk=scene.desk()) as url:
        page = open_page(browser, url + scene.links(row).acknowledge)
        page.get_by_role("button", name="Acknowledge").click()

        expect(page.get_by_text("You have acknowledged this.")).to_be_visible()
        assert axe_violations(page) == []
    assert scene.acknowledgements.all(["a"])
    scene.database.close()


def test_the_button_of_an_event_is_taken_from_a_browser(browser: Browser, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    acknowledgements = AcknowledgementsForAll(Acknowledgements(database))
    with serve(timeline(), acknowledgements=acknowledgements, is_local=True) as url:
        page = open_page(browser, f"{url}/events/microsoft-openai/research-ip")
        page.get_by_role("button", name="Acknowledge").click()
        expect(page.get_by_text("Acknowledged: nobody is reminded")).to_be_visible()
        page.get_by_role("button", name="Remind again").click()

        expect(page.get_by_role("button", name="Acknowledge")).to_be_visible()
        assert page.url == f"{url}/events/microsoft-openai/research-ip"
    database.close()


# -- the picture


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("count", [21, *MANY])
def test_no_two_labels_meet_and_none_leaves_the_picture(
    browser: Browser, count: int, width: int
) -> None:
    found = timeline() if count == 21 else many(count)
    with serve(found) as url:
        page = open_page(browser, url)
        page.set_viewport_size({"width": width, "height": 800})
        for query in ("", "?by=tag", "?lang=ja&by=party", "?from=2026-06-01&to=2028-06-01"):
            page.goto(f"{url}/timeline{query}")
            met, left, drawn = page.evaluate(LABELS)
            outside = page.locator(".remark", has_text="outside these days")

            assert (met, left) == (0, 0), query
            assert outside.count() or drawn == len(found.events), query


def test_every_event_of_the_picture_is_reached_by_keyboard(browser: Browser, site: str) -> None:
    page = open_page(browser, f"{site}/timeline")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.dataset?.event"))

    assert reached >= {event.name for event in timeline().events}


@pytest.mark.parametrize("count", MANY)
def test_many_events_are_reached_by_keyboard_each_once(browser: Browser, count: int) -> None:
    found = many(count)
    with serve(found) as url:
        page = open_page(browser, f"{url}/timeline?by=tag")
        reached = page.evaluate("""() => [...document.querySelectorAll("a.event")]
            .filter((one) => { one.focus(); return document.activeElement === one; })
            .map((one) => one.dataset.event)""")

    assert sorted(reached) == sorted(event.name for event in found.events)


def test_the_chain_shows_both_ways_while_an_event_has_the_focus(
    browser: Browser, site: str
) -> None:
    page = open_page(browser, f"{site}/timeline")

    def row(name: str) -> Locator:
        return page.locator(f'.wide-picture a[data-event="microsoft-openai/{name}"]')

    row("research-ip").focus()
    expect(row("agi-verified")).to_have_class(re.compile("related"))
    expect(row("agi-declared")).to_have_class(re.compile("related"))
    expect(row("model-ip")).not_to_have_class(re.compile("related"))
    expect(page.locator("#why")).to_contain_text("Microsoft's rights to research IP")
    page.locator("h1").click()
    row("agi-declared").locator("text").first.hover()
    expect(row("revenue-share")).to_have_class(re.compile("related"))


def test_what_an_open_event_would_end_is_joined_to_it_without_a_script(
    browser: Browser, site: str
) -> None:
    page = open_page(browser, f"{site}/timeline", java_script_enabled=False)

    expect(page.locator(".wide-picture .join")).to_have_count(2)
    expect(page.locator(".wide-picture .join").first).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".wide-picture .join").first).to_be_visible()


@pytest.mark.parametrize("size", [(320, 256), (1280, 300), (360, 640)])
def test_what_has_the_focus_is_in_view(browser: Browser, site: str, size: tuple[int, int]) -> None:
    view = {"width": size[0], "height": size[1]}
    page = open_page(browser, f"{site}/timeline", viewport=view, reduced_motion="reduce")
    outside = page.evaluate("""async () => {
      const found = [];
      for (const one of document.querySelectorAll("a.event")) {
        if (!one.getBoundingClientRect().width) continue;
        one.focus();
        await new Promise((done) => requestAnimationFrame(done));
        const box = one.querySelector(".hit").getBoundingClientRect();
        if (box.bottom <= 0 || box.top >= innerHeight) found.push(one.dataset.event);
      }
      return found;
    }""")

    assert outside == []


def test_no_month_that_stays_in_view_hides_what_has_the_focus(browser: Browser) -> None:
    monthly = (event(f"e{at}", when=f"2027-{at:02}-15") for at in range(1, 13))
    with serve(timeline_of(*monthly)) as url:
        view = {"width": 360, "height": 400}
        page = open_page(browser, url, viewport=view, reduced_motion="reduce")
        hidden = page.evaluate("""() => [...document.querySelectorAll(".entry a")].filter((link) => {
          scrollBy(0, link.getBoundingClientRect().top - 18); // below the month
          link.focus();
          const box = link.getBoundingClientRect();
          return document.elementFromPoint(box.left + 2, box.top + 2) !== link;
        }).map((link) => link.textContent)""")

        assert hidden == []


def test_sixty_dates_in_sixty_months_take_three_sheets_of_paper(browser: Browser) -> None:
    dates = (event(f"e{at}", when=f"20{27 + at // 12}-{1 + at % 12:02}-15") for at in range(60))
    with serve(timeline_of(*dates)) as url:
        paper = open_page(browser, url).pdf(format="A4")

    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", paper)) == 3


def test_a_first_tap_shows_and_a_second_one_opens(browser: Browser, site: str) -> None:
    size = {"width": 360, "height": 740}
    page = open_page(browser, f"{site}/timeline", viewport=size, has_touch=True, is_mobile=True)
    event = page.locator('.narrow-picture a[data-event="microsoft-openai/research-ip"] .label')
    event.tap()
    expect(page.locator(".narrow-picture a.shown")).to_have_count(1)
    expect(page.locator("#why")).to_contain_text("Microsoft's rights to research IP")
    assert page.url == f"{site}/timeline"
    event.tap()

    expect(page.locator("h1")).to_have_text("Microsoft's rights to research IP")


# -- how it looks


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("count", [21, *MANY])
def test_no_page_scrolls_sideways_on_a_phone(browser: Browser, count: int, language: str) -> None:
    found = timeline() if count == 21 else many(count)
    with serve(found) as url:
        page = open_page(browser, url, locale=language)
        for path in (*pages_of(found), "/nothing", "/?page=0"):
            page.goto(url + path)
            page.evaluate(UNFOLD)
            for width in (320, 360, 768):
                page.set_viewport_size({"width": width, "height": 700})
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide == width, path


def test_it_is_dark_for_who_wants_it_dark(browser: Browser, site: str) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    light = open_page(browser, site, color_scheme="light").evaluate(paper)
    dark = open_page(browser, site, color_scheme="dark").evaluate(paper)

    assert (light, dark) == ("rgb(255, 255, 255)", "rgb(18, 23, 29)")


def test_on_paper_there_is_the_content_and_nothing_to_press(browser: Browser, site: str) -> None:
    page = open_page(browser, f"{site}/timeline", color_scheme="dark")
    page.emulate_media(media="print")

    for gone in ("header.site nav", "form", ".spans", "footer", ".narrow-picture"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator(".wide-picture svg").first).to_be_visible()
    ink = "getComputedStyle(document.querySelector('.picture a text')).fill"
    assert page.evaluate(ink) == "rgb(0, 0, 0)"
    assert page.pdf().startswith(b"%PDF")


def test_nothing_complains_nothing_shifts_and_little_is_loaded(browser: Browser, site: str) -> None:
    for path in pages_of(timeline()):
        page = open_page(browser, "about:blank")
        without_cache = page.context.new_cdp_session(page)
        without_cache.send("Network.enable")
        without_cache.send("Network.setCacheDisabled", {"cacheDisabled": True})
        watched = Watched(page)
        page.goto(site + path, wait_until="networkidle")

        assert watched.complaints == [], path
        assert page.evaluate(SHIFT) == 0, path
        has_picture = path.startswith("/timeline")
        assert watched.kinds.count("stylesheet") == (2 if has_picture else 1), path
        assert watched.kinds.count("script") == 1, path
        assert watched.bytes < 60_000, path


def test_in_another_language_nothing_complains_and_nothing_shifts(
    browser: Browser, site: str
) -> None:
    page = open_page(browser, "about:blank", locale="ja-JP")
    watched = Watched(page)
    for path in pages_of(timeline()):
        page.goto(site + path, wait_until="networkidle")

        assert watched.complaints == [], path
        assert page.evaluate(SHIFT) == 0, path


# -- for everyone


PICTURE = "/timeline?by=tag"
#: Of a site with so many events: its pages, and what each has to have before it is judged.
FULL = [("/", ".entry .title a"), ("/?q=e&group=past", "h1"), ("/what-if", "fieldset"),
        (PICTURE, "svg.picture a.event"), ("/changes?from=2025-10-01", "#found h2"),
        ("/subscribe?alarms=7d", ".qr svg"), ("/events/{last}", "article h1")]  # fmt: skip
WRONG = [("/nothing", ".status"), ("/?page=0", ".status")]
CROWDED = [*FULL, ("/what-if?if.e12=2029-05-01", "#found h2"), *WRONG]
EMPTY = [("/", ".empty"), ("/timeline", ".empty"), ("/what-if", ".empty"), ("/changes", ".empty"),
         ("/subscribe", ".qr svg"), *WRONG]  # fmt: skip
JUDGED = [
    pytest.param(21, [*FULL, ("/what-if?if.agi-verified=2029-05-01", "#found h2"), *WRONG], "en"),
    pytest.param(21, [*FULL, ("/what-if?if.agi-verified=2029-05-01", "#found h2"), *WRONG], "ja"),
    pytest.param(100, CROWDED, "en"),
    pytest.param(2000, CROWDED, "en", marks=pytest.mark.soak),
    pytest.param(2000, CROWDED, "ja", marks=pytest.mark.soak),
    pytest.param(0, EMPTY, "en"),
]


@pytest.mark.parametrize(("count", "pages", "language"), JUDGED)
def test_axe_finds_nothing_on_any_page(
    browser: Browser, count: int, pages: list[tuple[str, str]], language: str
) -> None:
    found = {0: empty, 21: timeline}.get(count, partial(many, count))()
    last = found.events[-1].name if count else ""
    page = open_page(browser, "about:blank", locale=language)
    violations = {}
    with serve(found) as url:
        for path, content in pages:
            page.emulate_media(color_scheme="light")
            page.goto(url + path.format(last=last))
            expect(page.locator(content).first).to_be_visible()
            if count == 21:  # what is folded is judged too
                page.evaluate(UNFOLD)
            assert page.locator("html").get_attribute("lang") == language
            violations[path] = axe_violations(page)
            if language == "en":  # the same page in other colours, which no language changes
                page.emulate_media(color_scheme="dark")
                violations[path] += axe_violations(page, COLOURS)

    assert not any(violations.values()), violations


def empty() -> Timeline:
    return resolve([agreement()], date(2026, 11, 25))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_file_with_errors_leaves_the_last_good_timeline_and_a_notice(
    browser: Browser, tmp_path: Path, scheme: str
) -> None:
    file = tmp_path / "events.toml"
    file.write_bytes(EVENTS.read_bytes().replace(b'text = "sources/abmedia.txt"', b""))
    running = Running("-f", str(file), home=tmp_path)
    try:
        url = running.address()
        page = open_page(browser, url, color_scheme=scheme)
        assert page.locator(".notice").count() == 0
        file.write_text('id = "a"\n[[event]]\nid = "x"\nwhen = "2030"\n')
        running.line_with("the last good timeline goes on")
        for language in ("en", "ja"):
            page.goto(f"{url}?lang={language}")

            expect(page.locator(".notice")).to_be_visible()
            expect(page.locator("#upcoming time").first).to_have_attribute("datetime", "2030-12-31")
            assert axe_violations(page) == []
    finally:
        running.kill()


def test_without_any_timeline_there_is_a_page_that_says_so(browser: Browser) -> None:
    with serve(None) as url:
        page = open_page(browser, url, locale="ja-JP")

        expect(page.locator("h1")).to_have_text("現在は表示できません")
        assert axe_violations(page) == []


def test_axe_would_find_something_were_there_something(browser: Browser, site: str) -> None:
    page = open_page(browser, site)
    page.evaluate(UNFOLD)
    page.evaluate(
        "document.querySelector('label').replaceWith(document.querySelector('label select'))"
    )

    assert any(one.startswith("select-name") for one in axe_violations(page))
