"""The files that pages load, and the style of those that load nothing."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tracker.feeds.picture.svg import PICTURE_STYLE

TEMPLATES = Path(__file__).parent / "templates"


class Asset(NamedTuple):
    """A file that pages load; its name changes with its content, so that it is kept for ever."""

    name: str
    media_type: str
    content: bytes


def _asset(stem: str, ending: str, media_type: str, text: str) -> Asset:
    digest = sha256(text.encode()).hexdigest()[:12]
    return Asset(f"{stem}.{digest}.{ending}", media_type, text.encode())


def _text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _tight_style(text: str) -> str:
    """A style without comments and the white space that only people read."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r" ?([{};,>]) ?", r"\1", " ".join(text.split())).replace(";}", "}")


def _tight_script(text: str) -> str:
    """A script without the lines that are comments, and without its indents; lines stay lines."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


STYLE = _tight_style(_text("page.css"))
STYLE_HASH = "sha256-" + base64.b64encode(sha256(STYLE.encode()).digest()).decode()

STYLE_ASSET = _asset("page", "css", "text/css; charset=utf-8", STYLE)
#: Loaded by pages with a picture alone: the first page is light.
PICTURE_ASSET = _asset("picture", "css", "text/css; charset=utf-8", _tight_style(PICTURE_STYLE))
SCRIPT_ASSET = _asset(
    "page", "js", "text/javascript; charset=utf-8", _tight_script(_text("page.js"))
)
ICON_ASSET = _asset("icon", "svg", "image/svg+xml", _text("icon.svg"))
ASSETS: Mapping[str, Asset] = {
    asset.name: asset for asset in (STYLE_ASSET, PICTURE_ASSET, SCRIPT_ASSET, ICON_ASSET)
}
