"""Stands in for WhatsApp's Cloud API on this machine: takes messages as the real one does, and posts signed webhooks back.

It refuses what the real one refuses, with its numbers; a list of faults makes it ill for so many requests. Statuses come
late, twice and out of order, as they do. Whoever uses it plays the client: `says` and `sends_place` write to the company.
"""

import hashlib
import hmac
import http.client
import json
import queue
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

NUMBER_ID = "106540352242922"
TOKEN = "stand-in-token-0001"  # noqa: S105 - opens nothing but this stand-in
APP_SECRET = "stand-in-app-secret-0001"  # noqa: S105 - as above
VERIFY_TOKEN = "stand-in-verify-0001"  # noqa: S105 - as above

TRIES = 8
_BODY = 1_024


@dataclass(slots=True)
class StandIn:
    """A server on a free port of this machine, from `start` to `stop`.

    `webhook` is the address it posts to; `faults` are answers (status, error number) it gives first, each once; status 0
    hangs up. `pause_s` is how long a webhook waits, `seed` decides the disorder. `answers` is asked for the client's
    answer to each message taken.
    """

    webhook: str = ""
    faults: list[tuple[int, int]] = field(default_factory=list)
    pause_s: float = 0.0
    seed: int = 0
    answers: "Callable[[StandIn, dict[str, Any]], None] | None" = None
    taken: list[dict[str, Any]] = field(default_factory=list)
    posted: list[dict[str, Any]] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None
    _threads: list[threading.Thread] = field(default_factory=list)
    _posts: "queue.SimpleQueue[dict[str, Any] | None]" = field(default_factory=queue.SimpleQueue)
    _count: int = 0
    _wrote: set[str] = field(default_factory=set)
    _turn: Any = field(default_factory=threading.Lock)
    _stopped: Any = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Give the address for `LALUAN_WHATSAPP_URL`."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}/v25.0"

    def start(self) -> "StandIn":
        """Take a free port and answer there."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        for run in (partial(self._server.serve_forever, 0.02), self._post_all):
            thread = threading.Thread(target=run, name="whatsapp-stand-in", daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def stop(self) -> None:
        """Post nothing more, let the port go and wait for what is under way."""
        self._stopped.set()
        self._posts.put(None)
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        while self._threads:
            self._threads.pop().join()

    def answer(self, path: str, token: str, raw: bytes) -> tuple[int, dict[str, Any]]:
        """Give what the real one answers to a message; status 0 means to hang up."""
        with self._turn:
            if self.faults:
                status, number = self.faults.pop(0)
                return status, _error(number, "made to fail")
        if token != f"Bearer {TOKEN}":
            return 401, _error(190, "Invalid OAuth access token")
        if path.split("/")[-2:] != [NUMBER_ID, "messages"]:
            return 400, _error(100, "Unsupported post request")
        try:
            message = json.loads(raw)
            why = _wrong(message)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            why = f"Malformed: {error}"
            message = {}
        if why:
            return 400, _error(100, why)
        wamid = self._new_id()
        with self._turn:
            self.taken.append(message)
        to = message.get("to") or message["recipient"]
        if to in self._wrote:
            self._tell_all(message, wamid, ["sent", "delivered", "read"])
            if self.answers is not None:
                self.answers(self, message)
        else:
            # Free words to somebody who has not written are taken, and fail afterwards.
            self._tell_all(message, wamid, ["failed"])
        return 200, {"messaging_product": "whatsapp", "contacts": [{"input": to}], "messages": [{"id": wamid}]}

    def says(self, sender: str, text: str, *, name: str = "", user_id: str = "", wamid: str = "") -> str:
        """Let a client write a text; a sender that is empty is known by `user_id` alone. Gives the message's id.

        Under an id that was used before it is the same message once more.
        """
        return self._write(sender, name, user_id, {"type": "text", "text": {"body": text}}, wamid)

    def sends_place(self, sender: str, lat: float, lon: float, *, name: str = "", user_id: str = "") -> str:
        """Let a client send where she is."""
        place = {"latitude": lat, "longitude": lon}
        return self._write(sender, name, user_id, {"type": "location", "location": place})

    def chooses(self, sender: str, title: str, *, name: str = "", user_id: str = "") -> str:
        """Let a client tap an answer."""
        reply = {"type": "button_reply", "button_reply": {"id": "choice", "title": title}}
        return self._write(sender, name, user_id, {"type": "interactive", "interactive": reply})

    def post(self, value: dict[str, Any]) -> None:
        """Post a change of our number to the webhook, soon."""
        metadata = {"display_phone_number": "60300000000", "phone_number_id": NUMBER_ID}
        change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
        self._posts.put({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]})

    def _write(self, sender: str, name: str, user_id: str, content: dict[str, Any], wamid: str = "") -> str:
        wamid = wamid or self._new_id()
        self._wrote |= {sender, user_id} - {""}
        contact: dict[str, Any] = {"profile": {"name": name}}
        message = {"id": wamid, "timestamp": str(int(time.time())), **content}
        if sender:
            contact["wa_id"] = message["from"] = sender
        if user_id:
            contact["user_id"] = message["from_user_id"] = user_id
        self.post({"contacts": [contact], "messages": [message]})
        return wamid

    def _tell_all(self, message: dict[str, Any], wamid: str, told: list[str]) -> None:
        """Post what becomes of a message: each status, one of them twice, in an order nobody promised."""
        with self._turn:
            draw = random.Random(f"{self.seed} {wamid}")
        told = [*told, draw.choice(told)]
        draw.shuffle(told)
        for status in told:
            self.post(
                {
                    "statuses": [
                        {
                            "id": wamid,
                            "status": status,
                            "timestamp": str(int(time.time())),
                            "recipient_id": message.get("to", ""),
                            "biz_opaque_callback_data": message.get("biz_opaque_callback_data", ""),
                            **({"errors": [{"code": 131047, "title": "Re-engagement"}]} if status == "failed" else {}),
                        }
                    ]
                }
            )

    def _new_id(self) -> str:
        with self._turn:
            self._count += 1
            return f"wamid.{hashlib.sha256(f'{self.seed} {self._count}'.encode()).hexdigest()[:40]}=="

    def _post_all(self) -> None:
        while (whole := self._posts.get()) is not None:
            self._stopped.wait(self.pause_s)
            for _ in range(TRIES):
                if self._stopped.is_set() or self._post(whole):
                    break
                self._stopped.wait(0.5)

    def _post(self, whole: dict[str, Any]) -> bool:
        raw = json.dumps(whole, ensure_ascii=False).encode()
        parts = urlsplit(self.webhook)
        connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=10)
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signature(raw)}
        try:
            connection.request("POST", parts.path, raw, headers)
            done = connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            done = False
        finally:
            connection.close()
        if done:
            self.posted.append(whole)
        return done


def signature(raw: bytes, secret: str = APP_SECRET) -> str:
    """Give the signature of a post as the real one writes it."""
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def _error(number: int, text: str) -> dict[str, Any]:
    return {"error": {"message": f"(#{number}) {text}", "type": "OAuthException", "code": number, "fbtrace_id": "x"}}


def _wrong(message: dict[str, Any]) -> str:
    """Say what the real one would refuse of a message; nothing where it takes it."""
    if message.get("messaging_product") != "whatsapp":
        return "messaging_product must be whatsapp"
    if not (message.get("to") or message.get("recipient")):
        return "to or recipient is needed"
    if message["type"] == "text":
        return "" if 1 <= len(message["text"]["body"]) <= 4_096 else "text is too long"
    interactive = message["interactive"]
    if not 1 <= len(interactive["body"]["text"]) <= _BODY:
        return "body is too long"
    action = interactive["action"]
    if interactive["type"] == "button":
        titles = [one["reply"]["title"] for one in action["buttons"]]
        return _wrong_titles(titles, 3, 20)
    if interactive["type"] == "list":
        titles = [row["title"] for section in action["sections"] for row in section["rows"]]
        return _wrong_titles(titles, 10, 24) or ("" if 1 <= len(action["button"]) <= 20 else "button is too long")
    if interactive["type"] == "location_request_message":
        return "" if action == {"name": "send_location"} else "action must be send_location"
    return "Param interactive['type'] is unknown"


def _wrong_titles(titles: list[str], most: int, longest: int) -> str:
    if not 1 <= len(titles) <= most or len(set(titles)) != len(titles):
        return f"1 to {most} different choices are needed"
    return "" if all(1 <= len(title) <= longest for title in titles) else "a title is too long"


def _handler(stand_in: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Takes messages for the stand-in."""

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            status, answer = stand_in.answer(self.path, self.headers.get("Authorization", ""), raw)
            if not status:
                self.close_connection = True
                return
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as above
            del format, args

    return Handler
