"""Deliveries over HTTPS: the connection goes to the checked address, the certificate must be the host's."""

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from realtime.models import Delivery, Webhook
from realtime.webhooks.connection import tls_context
from realtime.webhooks.delivery_queue import Attempt
from realtime.webhooks.sender import try_once
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
    """This machine trusts the certificate as it does those of the authorities."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    tls_context.cache_clear()
    yield
    tls_context.cache_clear()


@pytest.fixture
def asked_for() -> list[str | None]:
    """The host names that callers asked for before the certificate was shown (SNI)."""
    return []


@pytest.fixture
def secure(certificate: Path, make_receiver, asked_for, settings, name_server: dict[str, list[str]]) -> Receiver:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    name_server.update({HOST: ["127.0.0.1"], "other.example": ["127.0.0.1"]})
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: asked_for.append(name)
    return make_receiver(context=context, host=HOST)


def attempt_at(url: str) -> Attempt:
    return try_once(Webhook(url=url, secret="s"), Delivery(id="d", type="t", body="{}"))


def test_is_delivered_under_the_hosts_name(secure: Receiver, trusted: None, asked_for: list[str | None]):
    attempt = attempt_at(f"{secure.url}/hook")

    assert (attempt.status, attempt.error) == (200, None)
    assert asked_for == [HOST]
    assert secure.got[0].headers["Host"] == secure.url.removeprefix("https://")


def test_a_certificate_of_another_host_does_not_hold(secure: Receiver, trusted: None):
    attempt = attempt_at(secure.url.replace(HOST, "other.example"))

    assert (attempt.status, secure.got) == (None, [])
    assert attempt.error is not None
    assert attempt.error.startswith("The certificate does not hold: Hostname mismatch")


def test_a_certificate_that_nobody_vouches_for_does_not_hold(secure: Receiver):
    attempt = attempt_at(secure.url)

    assert (attempt.status, secure.got) == (None, [])
    assert attempt.error == "The certificate does not hold: self-signed certificate."


def test_what_speaks_no_tls_gets_nothing(make_receiver, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    receiver = make_receiver()

    attempt = attempt_at(receiver.url.replace("http://", "https://"))

    assert (attempt.status, receiver.got) == (None, [])
    assert attempt.error is not None
    assert attempt.error.startswith("No encrypted connection came about")
