"""One attempt: bad responses, endless responses, and hosts whose address became private after registration."""

import socket
import threading
from contextlib import suppress

import pytest

from accounts.models import User
from config.core.clock import now
from realtime.models import Delivery, Webhook
from realtime.webhooks.addresses import AddressRefused
from realtime.webhooks.sender import attempt_delivery, post
from realtime.webhooks.services import create_webhook
from tests.support.webhook_owner import EVENT_TYPES, only_delivery, record_bookings, register

pytestmark = pytest.mark.usefixtures("private_allowed")


@pytest.mark.timeout(60)
def test_a_response_that_is_too_slow_as_a_whole_is_cut_off(organizer: User):
    """Each byte comes in time; the whole response does not."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url, stop = f"http://127.0.0.1:{server.getsockname()[1]}/", threading.Event()
        threading.Thread(target=respond_slowly, args=(server, stop), daemon=True).start()
        webhook = Webhook(url=url, secret="s")
        delivery = Delivery(id="d", type="t", body="{}")

        attempt = attempt_delivery(webhook, delivery, seconds=1)

        stop.set()
    assert (attempt.status, attempt.error) == (None, "No complete response within 1 seconds.")
    assert 900 <= attempt.duration_ms <= 2500


def respond_slowly(server: socket.socket, stop: threading.Event) -> None:
    client, _ = server.accept()
    with client:
        client.recv(4096)
        while not stop.wait(0.1):
            client.sendall(b"H")


def test_only_the_start_of_an_endless_response_is_read():
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=respond_for_ever, args=(server,), daemon=True).start()
        webhook = Webhook(url=f"http://127.0.0.1:{server.getsockname()[1]}/", secret="s")

        attempt = attempt_delivery(webhook, Delivery(id="d", type="t", body="{}"), seconds=5)

    assert (attempt.status, attempt.error) == (200, None)
    assert attempt.duration_ms < 2_500


def respond_for_ever(server: socket.socket) -> None:
    client, _ = server.accept()
    with client, suppress(OSError):
        client.recv(65536)
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            client.sendall(b"x" * 1024)


def test_a_response_that_is_not_http_fails():
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=respond_without_http, args=(server,), daemon=True).start()
        webhook = Webhook(url=f"http://127.0.0.1:{server.getsockname()[1]}/", secret="s")

        attempt = attempt_delivery(webhook, Delivery(id="d", type="t", body="{}"))

    assert (attempt.status, attempt.error) == (None, "The response is not HTTP, or it was cut off.")


def respond_without_http(server: socket.socket) -> None:
    client, _ = server.accept()
    with client:
        client.recv(65536)
        client.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_private_address_is_refused_when_sending_too(organizer: User, receiver, send_due, settings, host: str):
    webhook = register(organizer, receiver)
    url = receiver.url.replace("127.0.0.1", host).replace("http://", "https://")
    Webhook.objects.filter(pk=webhook.pk).update(url=url)
    record_bookings(organizer)
    settings.WEBHOOK_ALLOW_PRIVATE = False

    send_due()

    assert receiver.requests == []
    assert (only_delivery().status, only_delivery().log[0]["status"]) == ("PENDING", None)
    assert only_delivery().log[0]["error"] == f"The host {host} has an address that is not public."


def test_a_host_that_became_private_after_registration_is_refused(
    organizer: User, receiver, send_due, settings, name_server: dict[str, list[str]]
):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    name_server["rebind.example"] = ["1.1.1.1", "127.0.0.1"]
    url = f"https://rebind.example:{receiver.server_address[1]}/"
    create_webhook(by=organizer.as_actor(), url=url, event_types=list(EVENT_TYPES), now=now())
    record_bookings(organizer)

    send_due()

    assert receiver.requests == []
    assert only_delivery().log[0]["error"] == "The host rebind.example has an address that is not public."


def test_the_host_is_resolved_once_for_each_attempt(receiver, name_server: dict[str, list[str]]):
    """A second lookup would not be checked. The request goes to the first address, where no server runs."""
    name_server["rebind.example"] = ["127.0.0.2", "127.0.0.1"]

    with pytest.raises(ConnectionRefusedError):
        post(f"http://rebind.example:{receiver.server_address[1]}/", {}, "{}", seconds=5)

    assert receiver.requests == []
    assert name_server["rebind.example"] == ["127.0.0.1"]


def test_no_connection_to_a_refused_address_is_made(receiver, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False

    with pytest.raises(AddressRefused):
        post(f"https://localhost:{receiver.server_address[1]}/", {}, "{}", seconds=5)

    assert receiver.requests == []
