"""The way in: whose requests are answered, what a secret link opens, and answers that are kept."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from tracker.timeline.selection import Where
from tracker.web.answer import Answer
from tracker.web.refusals import said
from tracker.web.site import Site

LOOPBACK = frozenset(("127.0.0.1", "localhost", "[::1]"))
BEHIND_LINK = "/s/"
MOST_ANSWERS, MOST_BYTES = 256, 64 * 1024 * 1024


class Front:
    """Refuses hosts that are not ours (DNS rebinding), opens secret links, sends what is kept."""

    def __init__(self, site: Site, app: ASGIApp) -> None:
        self._site = site
        self._app = app
        self._revision = -1
        self._kept: dict[tuple[object, ...], Answer] = {}
        self._hosts: set[bytes] = set()  #: those that were found to be ours

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked: dict[bytes, bytes] = dict(scope["headers"])
        if not self._is_ours(asked.get(b"host", b"")):
            await said("http.host", 400)(scope, receive, send)
            return
        path: str = scope["path"]
        within: Where | None = Where()
        if path.startswith(BEHIND_LINK):
            path, within = self._behind(scope, path)
        elif not self._site.public and path != "/healthz":
            within = None
        if within is None:
            await said("http.nothing", 404)(scope, receive, send)
            return
        key = (path, scope["query_string"], within, self._beside(path, asked, scope))
        if self._site.source.revision != self._revision:
            self._revision = self._site.source.revision
            self._kept.clear()
        answer = self._kept.get(key)
        reads = scope["method"] in ("GET", "HEAD")
        if answer is not None and reads and self._holds(answer):
            await answer.send_to(scope, asked, send)
            return
        scope["tracker.keep"] = lambda made: self._keep(key, made)
        await self._app(scope, receive, send)

    def _is_ours(self, host: bytes) -> bool:
        if host in self._hosts:
            return True
        text = host.decode("latin-1")
        name = text if text.endswith("]") else text.rpartition(":")[0] or text
        if name in LOOPBACK or text in self._site.hosts or name in self._site.hosts:
            if len(self._hosts) < MOST_ANSWERS:
                self._hosts.add(host)
            return True
        return False

    def _behind(self, scope: Scope, path: str) -> tuple[str, Where | None]:
        """What is asked for behind a secret link, and what the link shows."""
        secret, slash, rest = path.removeprefix(BEHIND_LINK).partition("/")
        within = self._site.opened_by(secret)
        if within is None or not slash:
            return path, None
        scope["tracker.link"] = f"{BEHIND_LINK}{secret}"
        scope["tracker.within"] = (within,) if within != Where() else ()
        scope["path"], scope["raw_path"] = f"/{rest}", f"/{rest}".encode()
        return f"/{rest}", within

    def _beside(self, path: str, asked: dict[bytes, bytes], scope: Scope) -> tuple[object, ...]:
        """What else an answer hangs on: the page on its reader's languages and on its address."""
        private = scope.get("tracker.link")
        if path == "/":
            return asked.get(b"accept-language"), asked.get(b"host"), private
        return (private if self._site.url else bool(private),)

    def _holds(self, answer: Answer) -> bool:
        return answer.until is None or self._site.now() < answer.until

    def _keep(self, key: tuple[object, ...], answer: Answer) -> None:
        """Keeps an answer, and lets go of the oldest where they are too many or too big."""
        self._kept[key] = answer
        size = sum(one.size for one in self._kept.values())
        while len(self._kept) > MOST_ANSWERS or (size > MOST_BYTES and len(self._kept) > 1):
            size -= self._kept.pop(next(iter(self._kept))).size
