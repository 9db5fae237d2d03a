"""One attempt: bad answers, endless answers, and hosts that turn inside after they were registered."""

import socket
import threading
from contextlib import suppress

import pytest

from accounts.models import User
from config.core.clock import now
from realtime.models import Delivery, Webhook
from realtime.webhooks.addresses import AddressRefused
from realtime.webhooks.sender import post, try_once
from realtime.webhooks.services import create_webhook
from tests.support.webhook_owner import OUR_TYPES, happen, only, register

pytestmark = pytest.mark.usefixtures("private_allowed")


@pytest.mark.timeout(60)
def test_an_answer_that_drips_is_cut_off(organizer: User):
    """Each byte comes in time; the answer as a whole does not."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url, stop = f"http://127.0.0.1:{server.getsockname()[1]}/", threading.Event()
        threading.Thread(target=drip, args=(server, stop), daemon=True).start()
        webhook = Webhook(url=url, secret="s")
        delivery = Delivery(id="d", type="t", body="{}")

        attempt = try_once(webhook, delivery, seconds=1)

        stop.set()
    assert (attempt.status, attempt.error) == (None, "No complete answer within 1 seconds.")
    assert 900 <= attempt.duration_ms <= 2500


def drip(server: socket.socket, stop: threading.Event) -> None:
    client, _ = server.accept()
    with client:
        client.recv(4096)
        while not stop.wait(0.1):
            client.sendall(b"H")


def test_an_answer_without_end_is_read_a_little():
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer_for_ever, args=(server,), daemon=True).start()
        webhook = Webhook(url=f"http://127.0.0.1:{server.getsockname()[1]}/", secret="s")

        attempt = try_once(webhook, Delivery(id="d", type="t", body="{}"), seconds=5)

    assert (attempt.status, attempt.error) == (200, None)
    assert attempt.duration_ms < 2_500


def answer_for_ever(server: socket.socket) -> None:
    client, _ = server.accept()
    with client, suppress(OSError):
        client.recv(65536)
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            client.sendall(b"x" * 1024)


def test_what_is_no_http_counts_as_failed():
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer_nonsense, args=(server,), daemon=True).start()
        webhook = Webhook(url=f"http://127.0.0.1:{server.getsockname()[1]}/", secret="s")

        attempt = try_once(webhook, Delivery(id="d", type="t", body="{}"))

    assert (attempt.status, attempt.error) == (None, "The answer is not HTTP, or was cut off.")


def answer_nonsense(server: socket.socket) -> None:
    client, _ = server.accept()
    with client:
        client.recv(65536)
        client.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_an_address_inside_is_refused_when_sending_too(organizer: User, receiver, send, settings, host: str):
    webhook = register(organizer, receiver)
    url = receiver.url.replace("127.0.0.1", host).replace("http://", "https://")
    Webhook.objects.filter(pk=webhook.pk).update(url=url)
    happen(organizer)
    settings.WEBHOOK_ALLOW_PRIVATE = False

    send()

    assert receiver.got == []
    assert (only().status, only().log[0]["status"]) == ("PENDING", None)
    assert only().log[0]["error"] == f"The host {host} has an address that is not public."


def test_a_host_that_turns_inside_after_it_was_registered_is_refused(
    organizer: User, receiver, send, settings, name_server: dict[str, list[str]]
):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    name_server["rebind.example"] = ["1.1.1.1", "127.0.0.1"]
    url = f"https://rebind.example:{receiver.server_address[1]}/"
    create_webhook(by=organizer.as_actor(), url=url, event_types=list(OUR_TYPES), now=now())
    happen(organizer)

    send()

    assert receiver.got == []
    assert only().log[0]["error"] == "The host rebind.example has an address that is not public."


def test_the_host_is_looked_up_once_an_attempt(receiver, name_server: dict[str, list[str]]):
    """A second answer would not have been checked: the call goes to the first one, where nobody listens."""
    name_server["rebind.example"] = ["127.0.0.2", "127.0.0.1"]

    with pytest.raises(ConnectionRefusedError):
        post(f"http://rebind.example:{receiver.server_address[1]}/", {}, "{}", seconds=5)

    assert receiver.got == []
    assert name_server["rebind.example"] == ["127.0.0.1"]


def test_a_refused_address_is_never_connected_to(receiver, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False

    with pytest.raises(AddressRefused):
        post(f"https://localhost:{receiver.server_address[1]}/", {}, "{}", seconds=5)

    assert receiver.got == []
