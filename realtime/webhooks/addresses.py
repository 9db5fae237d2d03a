"""The addresses that webhooks may have: public ones over HTTPS, none inside this installation's network.

Whoever registers a webhook chooses an address that our worker calls. Without these rules that could be the database, a
cloud's metadata service or any machine of the local network (SSRF). WEBHOOK_ALLOW_PRIVATE switches them off.
"""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from realtime.models import MAX_URL_LENGTH

PORTS = {80, 443, 8080, 8443}
FIRST_UNPRIVILEGED_PORT = 1024
HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9._-]{0,251}[A-Za-z0-9_.])?")
LITERAL = re.compile(r"\[[0-9A-Fa-f:.]+\](:[0-9]*)?")
VISIBLE = re.compile(r"[\x21-\x7e]+")

GLOBAL_UNICAST = ip_network("2000::/3")  # all of IPv6 that is routed on the internet
NAT64 = ip_network("64:ff9b::/96")
# Networks that is_global counts as public, in some supported Python versions or in all.
NOT_PUBLIC = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",  # protocol assignments, among them one cloud's metadata service
            "192.88.99.0/24",  # 6to4 relays
            "168.63.129.16/32",  # a cloud's host, reachable from each of its machines
            "3fff::/20",  # documentation
        ),
    )
)

SocketAddress: TypeAlias = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]  # what connect() takes
Address = tuple[socket.AddressFamily, SocketAddress]


class AddressRefused(Exception):
    """The address is not allowed. The message is a sentence for the webhook's owner."""


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of a webhook's URL; ``path`` includes the query."""

    encrypted: bool
    host: str
    port: int
    path: str


def parse_url(url: str) -> Target:
    """Return the parts of a URL that webhooks may have; its host is not resolved yet.

    Raises:
        AddressRefused: webhooks may not have this URL.
    """
    if len(url) > MAX_URL_LENGTH:
        raise AddressRefused(f"The URL is longer than {MAX_URL_LENGTH} characters.")
    if not VISIBLE.fullmatch(url) or "\\" in url:  # urlsplit would drop line breaks; others read \ as /
        raise AddressRefused("Use ASCII characters without spaces, line breaks or backslashes; encode the others.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused("This is not a URL: write it as https://hooks.example/path.") from None
    check_scheme(parts)
    return Target(
        encrypted=parts.scheme == "https",
        host=read_host(parts),
        port=read_port(port, parts),
        path=f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}",
    )


def check_scheme(parts: SplitResult) -> None:
    if parts.scheme not in ({"https", "http"} if settings.WEBHOOK_ALLOW_PRIVATE else {"https"}):
        raise AddressRefused("Only https:// URLs are allowed.")
    if "@" in parts.netloc:
        raise AddressRefused("Leave user name and password out of the URL: the signature shows who sends.")


def read_host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if not (is_ipv6_literal(parts.netloc, host) if "[" in parts.netloc else HOST.fullmatch(host)):
        raise AddressRefused("The URL has no valid host: write it as https://hooks.example/path.")
    return host


def is_ipv6_literal(netloc: str, host: str) -> bool:
    """Tell whether this is an IPv6 address and a port. A zone is not allowed: it has a meaning on one machine only."""
    try:
        return bool(LITERAL.fullmatch(netloc) and IPv6Address(host))
    except ValueError:
        return False


def read_port(port: int | None, parts: SplitResult) -> int:
    if port is None:
        return 443 if parts.scheme == "https" else 80
    if port not in PORTS and port < FIRST_UNPRIVILEGED_PORT:
        raise AddressRefused(
            f"Port {port} is not allowed: use 443, 8443, 80, 8080 or one from {FIRST_UNPRIVILEGED_PORT} on."
        )
    return port


def resolve(target: Target) -> list[Address]:
    """Return the addresses of a target's host, all of them allowed. Connect to these: a second lookup may differ.

    Raises:
        AddressRefused: the host has no address, or one of them is not public.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressRefused(f"The host {target.host} has no address: check its spelling.") from None
    if not settings.WEBHOOK_ALLOW_PRIVATE and not all(is_public(sockaddr[0]) for *_, sockaddr in found):
        raise AddressRefused(f"The host {target.host} has an address that is not public.")
    return [(family, sockaddr) for family, *_, sockaddr in found]


def is_public(text: str | int) -> bool:
    """Tell whether an IP address is public; one that embeds an IPv4 address is judged by that."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return is_public_unicast(address)
    embedded = embedded_ipv4(address)
    if embedded is not None:
        return is_public_unicast(embedded)
    return address in GLOBAL_UNICAST and is_public_unicast(address)


def embedded_ipv4(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that packets to this one reach: mapped, 6to4, NAT64."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def is_public_unicast(address: IPv4Address | IPv6Address) -> bool:
    special = address.is_multicast or address.is_reserved or any(address in network for network in NOT_PUBLIC)
    return address.is_global and not special
