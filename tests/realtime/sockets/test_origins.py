"""Whose pages may open sockets: one rule for Socket.IO and for plain WebSockets."""

import pytest

from realtime.sockets.origins import is_own_page

pytestmark = pytest.mark.no_database
HOST = "tickets.example"


@pytest.fixture(autouse=True)
def _served_here(settings) -> None:
    settings.ALLOWED_HOSTS = [HOST]


@pytest.mark.parametrize("origin", ["", f"https://{HOST}", f"http://{HOST}"])
def test_our_own_pages_and_programs_are_let_in(origin: str):
    assert is_own_page(origin=origin, host=HOST)


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://evil.example",
        f"https://{HOST}:8443",
        f"https://{HOST}.evil.example",
        f"https://evil@{HOST}",
        "http://[evil",
        HOST,
        "https://",
    ],
)
def test_pages_of_others_are_not(origin: str):
    assert not is_own_page(origin=origin, host=HOST)


def test_a_name_that_merely_leads_here_is_not_ours():
    """A page under another name of this machine, as DNS rebinding makes one."""
    assert not is_own_page(origin="http://evil.example", host="evil.example")


def test_an_allowed_front_end_does_not_shut_out_our_own_pages(settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://shop.example"]

    assert is_own_page(origin="https://shop.example", host=HOST)
    assert is_own_page(origin=f"https://{HOST}", host=HOST)


def test_sockets_elsewhere_take_the_pages_of_the_public_address(settings):
    settings.PUBLIC_URL = f"https://{HOST}"

    assert not is_own_page(origin=f"https://{HOST}", host="live.example")
    settings.REALTIME_URL = "wss://live.example"
    assert is_own_page(origin=f"https://{HOST}", host="live.example")
