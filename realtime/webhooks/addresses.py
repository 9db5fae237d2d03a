"""Where webhooks may go: to public addresses over HTTPS, and nowhere inside this installation's network.

Whoever registers a webhook makes our worker call an address of theirs. Without these rules it would call the
database, a cloud's metadata service or a neighbour's printer for them. WEBHOOK_ALLOW_PRIVATE switches them off.
"""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from realtime.models import LONGEST_URL

PORTS = {80, 443, 8080, 8443}
FIRST_FREE_PORT = 1024
HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9._-]{0,251}[A-Za-z0-9_.])?")
LITERAL = re.compile(r"\[[0-9A-Fa-f:.]+\](:[0-9]*)?")
VISIBLE = re.compile(r"[\x21-\x7e]+")

GLOBAL_UNICAST = ip_network("2000::/3")  # all of IPv6 that is routed on the internet
NAT64 = ip_network("64:ff9b::/96")
# What Python's is_global lets through, in one of the versions served or in all.
NOT_PUBLIC = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",  # protocol assignments; one cloud's metadata service is among them
            "192.88.99.0/24",  # 6to4 relays
            "168.63.129.16/32",  # a cloud's host, reachable from each of its machines
            "3fff::/20",  # documentation
        ),
    )
)

Address = tuple[socket.AddressFamily, Any]  # with the sockaddr that connect() takes


class AddressRefused(Exception):
    """Webhooks don't go there. The message is a sentence for the webhook's owner."""


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of a webhook's URL; ``path`` includes the query."""

    encrypted: bool
    host: str
    port: int
    path: str


def parse(url: str) -> Target:
    """Return the parts of a URL that webhooks may have; its host is not looked up yet.

    Raises:
        AddressRefused: they may not.
    """
    if len(url) > LONGEST_URL:
        raise AddressRefused(f"The URL is longer than {LONGEST_URL} characters.")
    if not VISIBLE.fullmatch(url) or "\\" in url:  # urlsplit would drop line breaks; others read \ as /
        raise AddressRefused("Use ASCII characters without spaces, line breaks or backslashes; encode the others.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused("This is not a URL: write it as https://hooks.example/path.") from None
    refuse_scheme(parts)
    return Target(
        encrypted=parts.scheme == "https",
        host=read_host(parts),
        port=read_port(port, parts),
        path=f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}",
    )


def refuse_scheme(parts: SplitResult) -> None:
    if parts.scheme not in ({"https", "http"} if settings.WEBHOOK_ALLOW_PRIVATE else {"https"}):
        raise AddressRefused("Only https:// URLs are called.")
    if "@" in parts.netloc:
        raise AddressRefused("Leave user name and password out of the URL: the signature proves who calls.")


def read_host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if not (is_literal(parts.netloc, host) if "[" in parts.netloc else HOST.fullmatch(host)):
        raise AddressRefused("The URL names no host, or one that cannot be: write it as https://hooks.example/path.")
    return host


def is_literal(netloc: str, host: str) -> bool:
    """Tell whether it is an IPv6 address and a port: no zone, which means something on one machine only."""
    try:
        return bool(LITERAL.fullmatch(netloc) and IPv6Address(host))
    except ValueError:
        return False


def read_port(port: int | None, parts: SplitResult) -> int:
    if port is None:
        return 443 if parts.scheme == "https" else 80
    if port not in PORTS and port < FIRST_FREE_PORT:
        raise AddressRefused(f"Port {port} is not called: use 443, 8443, 80, 8080 or one from {FIRST_FREE_PORT} on.")
    return port


def look_up(target: Target) -> list[Address]:
    """Return the addresses of a target's host, all of them fit to be called. Connect to these, without asking again.

    Raises:
        AddressRefused: there is none, or one of them is not public.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressRefused(f"The host {target.host} has no address: check its spelling.") from None
    if not settings.WEBHOOK_ALLOW_PRIVATE and not all(is_public(sockaddr[0]) for *_, sockaddr in found):
        raise AddressRefused(f"The host {target.host} has an address that is not public.")
    return [(family, sockaddr) for family, *_, sockaddr in found]


def is_public(text: str | int) -> bool:
    """Tell whether an IP address is one of the internet, also where it carries an IPv4 address inside."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return is_unicast(address)
    carried = carried_address(address)
    if carried is not None:
        return is_unicast(carried)
    return address in GLOBAL_UNICAST and is_unicast(address)


def carried_address(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that packets to this one end up at: mapped, 6to4, NAT64."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def is_unicast(address: IPv4Address | IPv6Address) -> bool:
    special = address.is_multicast or address.is_reserved or any(address in network for network in NOT_PUBLIC)
    return address.is_global and not special
