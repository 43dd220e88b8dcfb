"""The documentation as a site: it is built without a warning, every link leads somewhere, and nothing is fetched."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from tests.end_to_end.processes import SECONDS
from tests.made_once import make_once
from tests.rows import rows
from tests.shipped import ROOT

#: Attributes that name what a browser loads by itself, and elements of which `href` is such.
_LOADS = ("src", "srcset", "data", "poster")
_PAGES = [path.relative_to(ROOT) for path in (ROOT / "docs").rglob("*.md")]
_WRITTEN = [*_PAGES, *map(Path, ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"))]


class Page(HTMLParser):
    """What a page of HTML links to, loads, and can be jumped to in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = {""}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.anchors.add(value or "")
            elif name == "href":
                (self.loads if tag in ("link", "use", "base") else self.links).append(value or "")
            elif name in _LOADS:
                self.loads.append(value or "")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The site, as `make docs` builds it."""
    return make_once(tmp_path_factory, worker_id, "site", _build) / "html"


def _build(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder / "html")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, re.findall("WARNING.*", done.stderr)) == (0, []), done.stderr


def read(site: Path) -> dict[str, Page]:
    """Every page, by its address within the site."""
    return {
        path.relative_to(site).as_posix(): Page(path.read_text(encoding="utf-8"))
        for path in site.rglob("*.html")
        if path.name != "404.html"  # its addresses begin at the root of the host that it is put on
    }


def test_every_link_of_the_site_leads_to_a_file_and_a_place_in_it(site: Path) -> None:
    pages = read(site)
    broken = []

    for address, page in pages.items():
        for link in page.links + page.loads:
            to = urlsplit(urljoin(address, link))
            target = unquote(to.path)
            if to.scheme or to.netloc or link.startswith("data:"):
                continue
            there = (site / target).is_file()
            if not there or (target in pages and unquote(to.fragment) not in pages[target].anchors):
                broken.append((address, link))

    assert len(pages) > 15
    assert broken == []


def test_the_site_loads_nothing_from_elsewhere_and_follows_nobody(site: Path) -> None:
    loaded = {link for page in read(site).values() for link in page.loads}
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))

    assert [link for link in loaded if urlsplit(link).netloc] == []
    assert re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)\"']*", styles) == []


def test_the_search_knows_japanese(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))

    assert index["config"]["lang"] == ["en", "ja"]
    assert any("契約変更" in entry["text"] for entry in index["docs"])


@rows("name", _WRITTEN, ids=str)
def test_each_link_of_a_page_leads_to_a_file_where_it_is_read_in_the_repository(name: Path) -> None:
    text = re.sub(r"(?ms)^```.*?^```$", "", (ROOT / name).read_text(encoding="utf-8"))
    links = re.findall(r"\]\((?![a-z]+:|#)([^)#\s]+)", text)

    assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == []


def test_every_page_of_the_docs_stands_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[2]

    assert [
        path for path in _PAGES if f"- {path.relative_to('docs').as_posix()}\n" not in navigation
    ] == []


@rows("name", _PAGES, ids=str)
def test_a_page_of_the_docs_begins_with_what_its_reader_can_do_afterwards(name: Path) -> None:
    heading, begins = (ROOT / name).read_text(encoding="utf-8").split("\n\n", 2)[:2]

    assert heading.startswith("# ")
    assert begins.startswith("After this page ")
