"""A receiver of tracker's webhooks, with nothing but Python's standard library.

    WEBHOOK_SECRET=whsec_… python webhook_receiver.py 8080

It believes a message only if its signature is right and its timestamp is of these five minutes, and
takes each message once: tracker sends one again under the same id when it does not know whether it
has arrived. The signature is that of Standard Webhooks (https://www.standardwebhooks.com), for
which there are libraries in most languages.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FIVE_MINUTES = 300


def is_from_tracker(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether the body was signed with that secret, lately."""
    message, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not sent_at.isdigit() or abs(time.time() - int(sent_at)) > FIVE_MINUTES:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message}.{sent_at}.".encode() + body
    right = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(one, f"v1,{right}") for one in given)


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 to what it has, 401 to what it does not believe."""

    seen: set[str] = set()  # noqa: RUF012 - shared on purpose; a real one keeps these in a database

    def do_POST(self) -> None:
        """One message."""
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not is_from_tracker(os.environ["WEBHOOK_SECRET"], headers, body):
            self.answer(401)
            return
        message = json.loads(body)
        if message["id"] not in self.seen:
            self.seen.add(message["id"])
            print(message["subject"], flush=True)
            for reminder in message["reminders"]:  # of a message that names several
                print("-", reminder["event"], reminder["counts_to"], flush=True)
        self.answer(204)

    def answer(self, status: int) -> None:
        """That status, and no body."""
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """What was received is printed; requests are not."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
