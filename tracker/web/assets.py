"""The files that pages load, and the style of those that load nothing."""

from __future__ import annotations

import base64
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


STYLE = PICTURE_STYLE + _text("page.css")
STYLE_HASH = "sha256-" + base64.b64encode(sha256(STYLE.encode()).digest()).decode()

STYLE_ASSET = _asset("page", "css", "text/css; charset=utf-8", STYLE)
SCRIPT_ASSET = _asset("page", "js", "text/javascript; charset=utf-8", _text("page.js"))
ICON_ASSET = _asset("icon", "svg", "image/svg+xml", _text("icon.svg"))
ASSETS: Mapping[str, Asset] = {
    asset.name: asset for asset in (STYLE_ASSET, SCRIPT_ASSET, ICON_ASSET)
}
