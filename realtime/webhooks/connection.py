"""One HTTP request to addresses that were checked, within one time limit for all of it.

http.client would look the host up again, and could get another address than the one that was checked.
"""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from realtime.webhooks.addresses import Address, Target


class Deadline:
    """When it has to be over."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutError: there are none.
        """
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


class Stream(io.RawIOBase):
    """Reads a socket. A limit for each read alone would let a receiver that drips bytes go on for ever."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._deadline.left())
        return self._sock.recv_into(buffer)


class LimitedSocket:
    """As much of a socket as http.client uses."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._deadline.left())
        self._sock.sendall(data)

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        return io.BufferedReader(Stream(self._sock, self._deadline))

    def close(self) -> None:
        """Keep the socket: http.client lets go of it before the body is read. ``hang_up`` closes it."""


class CheckedConnection(http.client.HTTPConnection):
    """Connects to the given addresses; Host header, SNI and certificate go by the target's name."""

    def __init__(self, target: Target, addresses: Sequence[Address], deadline: Deadline) -> None:
        super().__init__(target.host, target.port)
        self.target, self.addresses, self.deadline = target, addresses, deadline
        self.default_port = 443 if target.encrypted else 80
        self._open: socket.socket | None = None

    def connect(self) -> None:
        self._open = open_socket(self.addresses, self.deadline)
        if self.target.encrypted:
            self._open.settimeout(self.deadline.left())  # for the handshake as a whole, not each of its messages
            self._open = tls_context().wrap_socket(self._open, server_hostname=self.target.host)
        self.sock = LimitedSocket(self._open, self.deadline)

    def hang_up(self) -> None:
        self.close()
        if self._open is not None:
            self._open.close()


def open_socket(addresses: Sequence[Address], deadline: Deadline) -> socket.socket:
    """Connect to the first address that takes it; one that stays silent leaves the others their share of the time.

    Raises:
        OSError: none did, with what the last one said.
    """
    for position, (family, address) in enumerate(addresses):
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(deadline.left() / (len(addresses) - position))
            sock.connect(address)
        except OSError:
            sock.close()
            if position == len(addresses) - 1:
                raise
        else:
            return sock
    raise OSError("no address")


@lru_cache(maxsize=1)
def tls_context() -> ssl.SSLContext:
    """Return the settings of all connections; reading the certificates of the authorities takes a while."""
    return ssl.create_default_context()
