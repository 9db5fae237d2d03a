"""Deliveries over HTTPS: the connection goes to the checked address, and the certificate must be the host's."""

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from realtime.models import Delivery, Webhook
from realtime.webhooks.attempts import Attempt
from realtime.webhooks.connection import tls_context
from realtime.webhooks.sender import attempt_delivery
from tests.support.webhook_receiver import Receiver

pytestmark = pytest.mark.no_database
HOST = "hooks.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for hooks.example and its key, in one file."""
    openssl = shutil.which("openssl") or pytest.skip("making a certificate needs openssl on PATH")
    directory = tmp_path_factory.mktemp("tls")
    key, both = directory / "key.pem", directory / "both.pem"
    names = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", str(key), *names]
    done = subprocess.run(command, check=True, capture_output=True)
    both.write_bytes(key.read_bytes() + done.stdout)
    return both


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The certificate is trusted like those of the authorities."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    tls_context.cache_clear()
    yield
    tls_context.cache_clear()


@pytest.fixture
def requested_names() -> list[str | None]:
    """The host names that clients requested in the TLS handshake (SNI)."""
    return []


@pytest.fixture
def https_receiver(
    certificate: Path, make_receiver, requested_names, settings, name_server: dict[str, list[str]]
) -> Receiver:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    name_server.update({HOST: ["127.0.0.1"], "other.example": ["127.0.0.1"]})
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: requested_names.append(name)
    return make_receiver(context=context, host=HOST)


def attempt_at(url: str) -> Attempt:
    return attempt_delivery(Webhook(url=url, secret="s"), Delivery(id="d", type="t", body="{}"))


def test_host_header_and_sni_are_the_hosts_name(
    https_receiver: Receiver, trusted: None, requested_names: list[str | None]
):
    attempt = attempt_at(f"{https_receiver.url}/hook")

    assert (attempt.status, attempt.error) == (200, None)
    assert requested_names == [HOST]
    assert https_receiver.requests[0].headers["Host"] == https_receiver.url.removeprefix("https://")


def test_a_certificate_of_another_host_is_refused(https_receiver: Receiver, trusted: None):
    attempt = attempt_at(https_receiver.url.replace(HOST, "other.example"))

    assert (attempt.status, https_receiver.requests) == (None, [])
    assert attempt.error is not None
    assert attempt.error.startswith("The certificate is not valid: Hostname mismatch")


def test_a_self_signed_certificate_is_refused(https_receiver: Receiver):
    attempt = attempt_at(https_receiver.url)

    assert (attempt.status, https_receiver.requests) == (None, [])
    assert attempt.error == "The certificate is not valid: self-signed certificate."


def test_a_server_without_tls_gets_no_request(make_receiver, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    receiver = make_receiver()

    attempt = attempt_at(receiver.url.replace("http://", "https://"))

    assert (attempt.status, receiver.requests) == (None, [])
    assert attempt.error is not None
    assert attempt.error.startswith("The TLS handshake failed")
