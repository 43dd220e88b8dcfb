"""What is fetched to be imported: a file, standard input, an address.

An address is whoever's it is: it may lead to what only this machine can reach, never end, or come
drop by drop. Each host is looked up once, and that address is the one that is connected to.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.imports.foreign import Unreadable

if TYPE_CHECKING:
    import httpx2

#: Of a file or an address, in bytes (DESIGN: hostile input).
MOST_BYTES = 50 * 1024 * 1024
#: Seconds for an address in all, its redirects among them.
PATIENCE = 30.0
MOST_REDIRECTS = 3
_ADDRESS = re.compile(r"(?:https?|webcals?)://", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def fetch_source(name: str) -> bytes:
    """What a source holds; raises Unreadable."""
    if _ADDRESS.match(name):
        return _fetch_address(re.sub("^webcals?:", "https:", name, flags=re.IGNORECASE))
    if _SCHEME.match(name):
        raise Unreadable("scheme")
    from tracker.files.reading import read_file

    try:
        return read_file(Path("/dev/stdin" if name == "-" else name), MOST_BYTES)
    except (OSError, ValueError) as error:
        raise _refusal(error) from None


def _fetch_address(address: str) -> bytes:
    import httpx2

    try:
        return asyncio.run(_follow(httpx2.URL(address)))
    except TimeoutError:
        raise Unreadable("too-slow", (("most", f"{PATIENCE:.0f}"),)) from None
    except httpx2.InvalidURL as error:
        raise _refusal(error) from None


def _refusal(error: Exception, place: str = "") -> Unreadable:
    from tracker.failures.exceptions import reason_of

    return Unreadable("system", (("reason", reason_of(error, place)),))


async def _follow(url: httpx2.URL) -> bytes:
    """What the address holds, after three redirects at most."""
    import httpx2

    was_public = False
    async with (
        asyncio.timeout(PATIENCE),
        httpx2.AsyncClient(timeout=PATIENCE, trust_env=False) as client,
    ):
        for _ in range(MOST_REDIRECTS + 1):
            if url.scheme not in ("http", "https") or not url.host:
                raise Unreadable("redirect-scheme", (("address", str(url)[:200]),))
            try:
                machine, is_public = await _look_up(url)
                if was_public and not is_public:
                    raise Unreadable("redirect-private", (("host", url.host),))
                was_public = was_public or is_public
                target = await _ask(client, url, machine)
            except (httpx2.HTTPError, OSError, UnicodeError) as error:
                raise _refusal(error, url.netloc.decode("ascii")) from None
            if isinstance(target, bytes):
                return target
            url = url.join(target)
    raise Unreadable("redirects", (("most", str(MOST_REDIRECTS)),))


async def _ask(client: httpx2.AsyncClient, url: httpx2.URL, machine: str) -> bytes | str:
    """What that machine answers: the content, or the address to which it leads."""
    answer = await client.send(_request(url, machine), stream=True)
    try:
        if answer.status_code in (301, 302, 303, 307, 308):
            return str(answer.headers.get("location", ""))
        return await _content(answer)
    finally:
        await answer.aclose()


async def _look_up(url: httpx2.URL) -> tuple[str, bool]:
    """The machine of an address, and whether everybody can reach each that its name stands for."""
    port = url.port or (443 if url.scheme == "https" else 80)
    loop = asyncio.get_running_loop()
    rows = await loop.getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    machines = [str(row[4][0]).partition("%")[0] for row in rows]
    known = [ipaddress.ip_address(machine) for machine in machines]
    return machines[0], all(map(_is_public, known))


def _is_public(machine: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(machine, ipaddress.IPv6Address) and machine.ipv4_mapped is not None:
        return machine.ipv4_mapped.is_global
    return machine.is_global


def _request(url: httpx2.URL, machine: str) -> httpx2.Request:
    """The request to that machine, in the name of the address's host."""
    import httpx2

    from tracker import __version__

    return httpx2.Request(
        "GET",
        url.copy_with(host=machine, fragment=None),
        headers={
            "host": url.netloc.decode("ascii"),
            "user-agent": f"tracker/{__version__}",
            "accept-encoding": "identity",
        },
        extensions={"sni_hostname": url.host, "timeout": dict.fromkeys(_PHASES, PATIENCE)},
    )


_PHASES = ("connect", "read", "write", "pool")


async def _content(answer: httpx2.Response) -> bytes:
    if answer.status_code != 200:
        raise Unreadable("http-status", (("status", str(answer.status_code)),))
    content = bytearray()
    async for piece in answer.aiter_bytes():
        content += piece
        if len(content) > MOST_BYTES:
            most = str(MOST_BYTES // 1_048_576)
            raise Unreadable("larger-than", (("most", most),))
    return bytes(content)
