"""Which URLs webhooks may have: private addresses are refused, however they are written."""

import socket
from typing import Any

import pytest

from realtime.webhooks.addresses import AddressRefused, is_public, parse_url, resolve

pytestmark = pytest.mark.no_database

PRIVATE = [
    "0.0.0.0",  # noqa: S104 - nothing is bound to it here
    "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1",
    "192.0.0.8", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:2::1",
    "2001:db8::1", "2002:7f00:1::1", "2002:a00:1::1", "2002:c0a8:101::1", "3fff::1", "5f00::1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "x", "",
]  # fmt: skip
PUBLIC = [
    "1.1.1.1", "8.8.8.8", "93.184.215.14", "172.32.0.1", "192.0.1.1", "2606:4700:4700::1111", "2a00:1450:4001::1",
    "64:ff9b::808:808", "::ffff:8.8.8.8", "2002:808:808::1",
]  # fmt: skip
LOOPBACK_SPELLINGS = [
    "localhost",
    "LOCALHOST",
    "localhost.",
    "127.1",
    "0x7f000001",
    "2130706433",
    "0177.0.0.1",
    "[::1]",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_not_public(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_public(address: str):
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://hooks.example", (True, "hooks.example", 443, "/")),
        ("https://Hooks.Example:8443/a/b?c=d&e", (True, "hooks.example", 8443, "/a/b?c=d&e")),
        ("HTTPS://hooks.example/a#b", (True, "hooks.example", 443, "/a")),
        ("https://[2606:4700::1]:1024/", (True, "2606:4700::1", 1024, "/")),
    ],
)
def test_a_url_is_parsed_into_its_parts(url: str, expected: tuple[Any, ...]):
    target = parse_url(url)

    assert (target.encrypted, target.host, target.port, target.path) == expected


BAD_URLS = [
    "", "x", "hooks.example", "//hooks.example", "https://", "https:///path", "https://?a", "https://#a", "https://:443/",
    "http://hooks.example", "ftp://hooks.example", "file:///etc/passwd", "gopher://hooks.example", "data:,x",
    "https://user@hooks.example", "https://user:secret@hooks.example", "https://@hooks.example", "https://a@b@c.example",
    "https://hooks.example:0", "https://hooks.example:22", "https://hooks.example:65536", "https://hooks.example:-1",
    "https://hooks.example:x", "https://hooks.example:443:443", "https://[::1", "https://[fe80::1%25eth0]/", "https://[x]/",
    "https://[::1]hooks.example/", "https://hooks.example\\@evil.example/", "https://hooks.example/a b",
    "https://hooks.example/\r\nX-Evil: 1", "https://hooks\t.example/", "https://hooks.example/ä", "https://hööks.example/",
    "https://hooks%2eexample/", "https://ho,oks.example/", "https://.example/", f"https://hooks.example/{'a' * 2048}",
]  # fmt: skip


@pytest.mark.parametrize("url", BAD_URLS)
def test_a_bad_url_is_refused(url: str):
    with pytest.raises(AddressRefused):
        parse_url(url)


def test_with_private_addresses_allowed_http_is_too(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True

    assert parse_url("http://127.0.0.1:8080/").port == 8080


def test_other_schemes_are_always_refused(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True

    with pytest.raises(AddressRefused):
        parse_url("ftp://127.0.0.1/")


@pytest.mark.parametrize("host", LOOPBACK_SPELLINGS)
def test_every_spelling_of_localhost_is_refused(host: str):
    with pytest.raises(AddressRefused):
        resolve(parse_url(f"https://{host}/"))


@pytest.mark.parametrize("host", ["nowhere.invalid", f"{'a' * 64}.example", "a..example"])
def test_a_host_without_an_address_is_refused(host: str):
    with pytest.raises(AddressRefused, match="has no address"):
        resolve(parse_url(f"https://{host}/"))


def addresses_found(*addresses: str) -> Any:
    """Return what socket.getaddrinfo returns for these addresses."""
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]


@pytest.mark.parametrize("found", [("8.8.8.8", "10.0.0.1"), ("10.0.0.1", "8.8.8.8")])
def test_one_private_address_among_several_is_refused(monkeypatch: pytest.MonkeyPatch, found: tuple[str, ...]):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: addresses_found(*found))

    with pytest.raises(AddressRefused, match="not public"):
        resolve(parse_url("https://hooks.example/"))


def test_the_checked_addresses_are_returned(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: addresses_found("8.8.8.8", "1.1.1.1"))

    assert [address[0] for _, address in resolve(parse_url("https://hooks.example/"))] == ["8.8.8.8", "1.1.1.1"]
