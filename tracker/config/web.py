"""Where the page is, who may see it, how much its visitors may take, and who may speak for them."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, NamedTuple, TypeAlias

from tracker.config.keys import keys_of
from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.files.problems import KeyPath
from tracker.files.values import Reader

_LENGTH = re.compile(r"([0-9]{1,4}) (second|minute)s?")
#: The least and the most connections that can be asked for.
FEWEST_CONNECTIONS, MOST_CONNECTIONS = 16, 100_000

Network: TypeAlias = IPv4Network | IPv6Network


class WebSettings(NamedTuple):
    """What [web] says."""

    url: str | None = None  #: where the page is, for links; never taken from a request
    public: bool | None = None  #: None: not said
    proxies: tuple[Network, ...] = ()  #: who may say for whom they ask
    connections: int = 500  #: so many at once, of all that the process serves
    patience: float = 15.0  #: seconds for a request, until the next one, and to take an answer
    page_time: float = 10.0  #: seconds for the work on one answer
    commit: bool = False  #: whether what a page writes is a commit of git

    @property
    def lacks_proxies(self) -> bool:
        """Whether something stands in front, since the address has https, and nobody says what."""
        return bool(self.url and self.url.startswith("https:")) and not self.proxies


def read_web_settings(web: dict[str, Any], reader: Reader) -> WebSettings:
    """What that table says."""
    reader.keys(web, ("web",), keys_of("web"))
    settings = WebSettings()
    url = reader.url(web["url"], ("web", "url")) if "url" in web else None
    if url and re.search(r"[?#\s]|//[^/]*@", url):  # it stands in every message
        reader.report(Diagnostic("bad-web-url"), ("web", "url"))
    public = web.get("public")
    if public is not None and not isinstance(public, bool):
        reader.report(Diagnostic("not-yes-or-no"), ("web", "public"))
        public = False
    return WebSettings(
        url,
        public,
        _proxies(web.get("proxies", []), reader),
        _connections(web.get("connections", settings.connections), reader),
        _seconds(web, "patience", settings.patience, reader),
        _seconds(web, "page_time", settings.page_time, reader),
        _commit(web.get("commit", False), reader),
    )


def _commit(value: object, reader: Reader) -> bool:
    if not isinstance(value, bool):
        reader.report(Diagnostic("not-yes-or-no"), ("web", "commit"))
    return value is True


def _proxies(value: object, reader: Reader) -> tuple[Network, ...]:
    path: KeyPath = ("web", "proxies")
    if not isinstance(value, list):
        reader.report(Diagnostic("bad-proxies"), path)
        return ()
    networks = [_network(text, (*path, number), reader) for number, text in enumerate(value)]
    return tuple(network for network in networks if network is not None)


def _network(value: object, path: KeyPath, reader: Reader) -> Network | None:
    """An address, or the network of one: `10.0.0.0/8`."""
    text = value.strip() if isinstance(value, str) else ""
    try:
        return ip_network(text)
    except ValueError:
        reader.report(Diagnostic("bad-proxy", (0, len(text)), (), _meant_networks(text)), path)
        return None


def _meant_networks(text: str) -> tuple[Suggestion, ...]:
    """The network that an address within it may stand for: 10.0.0.0/8 for 10.1.2.3/8."""
    try:
        return (Suggestion(str(ip_network(text, strict=False))),)
    except ValueError:
        return ()


def _connections(value: object, reader: Reader) -> int:
    if type(value) is int and FEWEST_CONNECTIONS <= value <= MOST_CONNECTIONS:
        return value
    values = (("least", str(FEWEST_CONNECTIONS)), ("most", str(MOST_CONNECTIONS)))
    reader.report(Diagnostic("bad-connections", values=values), ("web", "connections"))
    return FEWEST_CONNECTIONS


def _seconds(web: dict[str, Any], key: str, default: float, reader: Reader) -> float:
    """`15 seconds`, `2 minutes`."""
    if key not in web:
        return default
    value = web[key]
    match = _LENGTH.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if match is None or not int(match[1]):
        reader.report(Diagnostic("bad-seconds"), ("web", key))
        return default
    return float(match[1]) * (60 if match[2] == "minute" else 1)
