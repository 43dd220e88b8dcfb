"""What the site has beside the pages in docs/: those that stand above it, and the examples."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files, InclusionLevel

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
SCHEMAS = ROOT / "docs" / "schema"
#: Pages above docs/, and their names in the site.
ABOVE = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
}
_LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)#\s]+)(#[^)\s]*)?(?=\))")


def on_files(files: Files, *, config: Any) -> Files:
    """The pages above docs/, each example as it is, and a page for each folder of them."""
    for name, source in ABOVE.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        files.append(File.generated(config, source, content=in_site(text, name)))
    for path in sorted(path for path in EXAMPLES.rglob("*") if path.is_file()):
        if "__pycache__" not in path.parts:
            source = path.relative_to(ROOT).as_posix()
            files.append(File.generated(config, source, abs_src_path=str(path)))
    folders = (path for path in [*EXAMPLES.iterdir(), SCHEMAS] if path.is_dir())
    for folder in sorted(path for path in folders if path.name != "__pycache__"):
        page = posixpath.join(folder.relative_to(ROOT).as_posix().removeprefix("docs/"), "index.md")
        listed = File.generated(
            config, page, content=listing(folder), inclusion=InclusionLevel.NOT_IN_NAV
        )
        files.append(listed)
    return files


def on_page_markdown(markdown: str, *, page: Any, config: Any, files: Files) -> str:
    """Links that go up out of docs/ go to where the site has what they name."""
    if page.file.generated_by:
        return markdown
    return in_site(markdown, f"docs/{page.file.src_uri}")


def in_site(markdown: str, name: str) -> str:
    """The text of a file of this repository, with its links as the site needs them."""
    folder = posixpath.dirname(ABOVE.get(name, name.removeprefix("docs/")))

    def link(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[1]))
        if (ROOT / target).is_dir():
            target += "/index.md"
        target = ABOVE.get(target, target.removeprefix("docs/"))
        return posixpath.relpath(target, folder or ".") + (match[2] or "")

    return _LINK.sub(link, markdown)


def listing(folder: Path) -> str:
    """A page that links each file of a folder, and shows those that people write."""
    page = f"# {folder.relative_to(ROOT).as_posix()}\n"
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        page += f"\n## {path.name}\n\n[The file itself]({path.name})\n"
        if path.suffix != ".json":
            text = path.read_text(encoding="utf-8").rstrip()
            page += f"\n````{path.suffix[1:]}\n{text}\n````\n"
    return page
