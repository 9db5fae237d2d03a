"""The whole product as processes: web and sockets, worker, beat, a Redis of its own, a mail server."""

import os
import shutil
import tempfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import requests
import socketio

from accounts.models import User
from accounts.tokens import issue_access_token
from config.launcher import parts
from config.launcher.ports import free_port
from config.launcher.processes import Child, stop_all
from config.launcher.redis import RedisServer
from config.launcher.steps import wait_ready
from events.models import Event
from tests.realtime.smtp import MailSink


class Stack:
    """Works on the database of the test process. ``worker`` and ``redis`` can be stopped and started by a test."""

    def __init__(self, **settings: str) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="boxoffice-stack-"))
        self.redis, self.mail, self.port = RedisServer(self.directory, durable=True), MailSink(), free_port()
        self.redis.start()
        mail = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(self.mail.port), "EMAIL_USE_TLS": "false"}
        own = {"REDIS_URL": self.redis.url(), "WEBHOOK_ALLOW_PRIVATE": "true"}
        env = {**os.environ, **mail, **own, **settings}
        self.web = parts.all_in_one(env, host="127.0.0.1", port=self.port)
        self.worker, self.beat = parts.worker(env), parts.beat(env)
        for child in self.children:
            child.log = self.directory / f"{child.name}.log"
            child.start()
        wait_ready(f"{self.url}/readyz", self.web)

    @property
    def children(self) -> list[Child]:
        return [self.web, self.worker, self.beat]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        stop_all(self.children)
        self.redis.stop()
        self.mail.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def book(self, event: Event, customer: User, qty: int = 1) -> dict[str, Any]:
        """Book through the web process; anything but 201 fails the test."""
        headers = {"Authorization": f"Bearer {token(customer)}"}
        body = {"eventId": event.id, "qty": qty}
        response = requests.post(f"{self.url}/api/bookings", json=body, headers=headers, timeout=30)
        assert response.status_code == 201, response.text
        return dict(response.json())

    def get(self, path: str, bearer: str) -> requests.Response:
        return requests.get(f"{self.url}{path}", headers={"Authorization": f"Bearer {bearer}"}, timeout=30)

    def mails_to(self, customer: User) -> list[str]:
        """Return the booking numbers that this customer was sent a confirmation for."""
        bodies = [text_of(one) for one in self.mail.mails if one["To"] == customer.email]
        return [body.split("Booking number ")[1].split()[0] for body in bodies if "your booking stands" in body]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def token(user: User) -> str:
    return issue_access_token(user.as_caller())


class Listener:
    """A Socket.IO client that keeps what it hears and reconnects by itself."""

    def __init__(self, stack: Stack, user: User, transport: str = "websocket", **auth: Any) -> None:
        self.heard: list[tuple[str, Any]] = []
        self.client = socketio.Client(reconnection_delay=0.2, reconnection_delay_max=1)
        self.client.on("*", lambda event, data: self.heard.append((event, data)))
        self.token, self.first = token(user), auth
        self.client.connect(stack.url, auth=self._auth, transports=[transport], wait_timeout=20)

    def _auth(self) -> dict[str, Any]:
        """Say the token, and after a break the last seq."""
        seqs = self.notifications()
        return {"token": self.token, **self.first, **({"lastSeq": seqs[-1]} if seqs else {})}

    def of(self, kind: str) -> list[Any]:
        """Return the messages of a type."""
        return [data for event, data in self.heard if event == kind]

    def notifications(self) -> list[int]:
        """Return the seqs heard, in the order of hearing."""
        return [data["seq"] for event, data in self.heard if event != "ready" and "seq" in data]

    def bookings(self) -> list[str]:
        return [data["data"]["bookingId"] for event, data in self.heard if event == "booking.created"]

    def close(self) -> None:
        """Leave at once: a polite good-bye over long-polling waits for the poll that is under way."""
        self.client.reconnection = False
        self.client.eio.disconnect(abort=True)
        self.client.shutdown()


def is_refused(stack: Stack, auth: object) -> bool:
    """Tell whether a Socket.IO client with this ``auth`` is not let in."""
    client = socketio.Client(reconnection=False)
    try:
        client.connect(stack.url, auth=auth, transports=["websocket"], wait_timeout=10)
    except socketio.exceptions.ConnectionError:
        return True
    finally:
        client.shutdown()
        if client.eio.ws:  # a refused client leaves its transport open
            client.eio.ws.close()
    return False
