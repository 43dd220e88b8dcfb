"""Requests a second beside nginx, which serves the same feed from disk (gzip_static), by turns.

One worker each, gzip on both sides, 32 connections; our host check, links and headers in place.
Needs nginx and wrk (on Debian: apt-get install nginx-light wrk).
"""

from __future__ import annotations

import gzip
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from statistics import median

from bench.commands import ROOT, served

ROUNDS, SECONDS = 5, 3
BAR = 0.5
NGINX = """\
worker_processes 1;
daemon off;
pid {folder}/pid;
error_log {folder}/errors;
events {{ worker_connections 256; }}
http {{
  access_log off;
  types {{ text/calendar ics; }}
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/site;
    gzip_static on;
    charset utf-8;
    charset_types text/calendar;
    add_header Cache-Control "public, max-age=300";
  }}
}}
"""


def main() -> None:
    if not (shutil.which("nginx") and shutil.which("wrk")):
        print("serving: nginx and wrk are not here, nothing measured", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours, address = served(ROOT / "events.toml", folder)
        theirs, other = _nginx(folder, _get(address)[0])
        try:
            _compare(address, other)
        finally:
            ours.terminate()
            theirs.terminate()
            ours.wait()
            theirs.wait()


def _nginx(folder: Path, feed: bytes) -> tuple[subprocess.Popen[bytes], str]:
    site = folder / "site"
    site.mkdir()
    (site / "calendar.ics").write_bytes(feed)
    (site / "calendar.ics.gz").write_bytes(gzip.compress(feed, 6, mtime=0))
    folder.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = folder / "nginx.conf"
    settings.write_text(NGINX.format(folder=folder, port=port), encoding="utf-8")
    process = subprocess.Popen(("nginx", "-c", str(settings)), stderr=subprocess.DEVNULL)
    time.sleep(1)
    return process, f"http://127.0.0.1:{port}/calendar.ics"


def _get(address: str) -> tuple[bytes, str]:
    """The feed, and the tag that its compressed form has."""
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own server
        body: bytes = answer.read()
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - the same
        assert answer.headers["content-encoding"] == "gzip"
        return body, answer.headers["etag"]


def _compare(ours: str, theirs: str) -> None:
    tags = {address: _get(address)[1] for address in (ours, theirs)}
    for what, conditional in (("feed", False), ("304", True)):
        found: dict[str, list[float]] = {ours: [], theirs: []}
        for _ in range(ROUNDS):
            for address, rates in found.items():
                headers = [f"If-None-Match: {tags[address]}"] if conditional else []
                rates.append(_rate(address, headers))
        mine, other = median(found[ours]), median(found[theirs])
        print(
            f"serving, the shipped file's {what} / nginx: {mine:.0f}/s / {other:.0f}/s ="
            f" {mine / other:.2f} (bar {BAR})",
            flush=True,
        )


def _rate(address: str, headers: list[str]) -> float:
    asked = [part for one in ("Accept-Encoding: gzip", *headers) for part in ("-H", one)]
    command = ("wrk", "-t1", "-c32", f"-d{SECONDS}s", *asked, address)
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert headers or "Non-2xx" not in said, said
    return float(re.findall(r"Requests/sec:\s+([0-9.]+)", said)[0])


if __name__ == "__main__":
    main()
