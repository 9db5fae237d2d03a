"""The running product: web and sockets, worker and beat as processes, a Valkey of its own, an SMTP server."""

import os
import shutil
import tempfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import redis
import requests

from accounts.models import User
from config.core import pubsub
from config.launcher import commands
from config.launcher.ports import free_port
from config.launcher.processes import Child, stop_all
from config.launcher.readiness import wait_ready
from config.launcher.valkey import ValkeyServer
from events.models import Event
from tests.support.smtp_server import SmtpServer
from tests.support.socketio_client import token


class Stack:
    """Uses the database of the test process. A test may stop and start ``worker`` and ``valkey``."""

    def __init__(self, **settings: str) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="boxoffice-stack-"))
        self.valkey, self.mail, self.port = ValkeyServer(self.directory, durable=True), SmtpServer(), free_port()
        self.valkey.start()
        mail = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(self.mail.port), "EMAIL_USE_TLS": "false"}
        own = {"REDIS_URL": self.valkey.url(), "WEBHOOK_ALLOW_PRIVATE": "true"}
        env = {**os.environ, **mail, **own, **settings}
        self.web = commands.all_in_one(env, host="127.0.0.1", port=self.port)
        self.worker, self.beat = commands.worker(env), commands.beat(env)
        self.worker.niceness = 0  # other tests use all of the CPU: a worker that gives way to them starts too late
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
        self.valkey.stop()
        self.mail.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def listeners(self) -> int:
        """Return how many processes subscribe to live messages."""
        with redis.Redis.from_url(self.valkey.url()) as client:
            return int(client.pubsub_numsub(pubsub.CHANNEL)[0][1])

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
        """Return the booking numbers of the confirmations that this customer got."""
        bodies = [text_of(one) for one in self.mail.mails if one["To"] == customer.email]
        return [body.split("Booking number ")[1].split()[0] for body in bodies if "your booking is confirmed" in body]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
