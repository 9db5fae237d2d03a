"""One HTTP request to addresses that were checked, within one time limit for all of it.

http.client would resolve the host again, and could get another address than the checked one.
"""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Sequence
from functools import lru_cache

from typing_extensions import Buffer

from realtime.webhooks.addresses import Address, Target


class Deadline:
    """The time limit of a request as a whole."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutError: none are.
        """
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


class DeadlineStream(io.RawIOBase):
    """Reads a socket until the deadline. With a limit for each read, a receiver could send single bytes for ever."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        self._sock.settimeout(self._deadline.remaining())
        return self._sock.recv_into(buffer)


class DeadlineSocket:
    """The methods of a socket that http.client uses."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._deadline.remaining())
        self._sock.sendall(data)

    def makefile(self, *_: object, **__: object) -> io.BufferedReader:
        return io.BufferedReader(DeadlineStream(self._sock, self._deadline))

    def close(self) -> None:
        """Do nothing: http.client calls this before the body is read. ``CheckedConnection.close_socket`` closes."""


class CheckedConnection(http.client.HTTPConnection):
    """Connects to the given addresses; Host header, SNI and certificate are those of the target's host name."""

    def __init__(self, target: Target, addresses: Sequence[Address], deadline: Deadline) -> None:
        super().__init__(target.host, target.port)
        self.target, self.addresses, self.deadline = target, addresses, deadline
        self.default_port = 443 if target.encrypted else 80
        self._socket: socket.socket | None = None

    def connect(self) -> None:
        self._socket = open_socket(self.addresses, self.deadline)
        if self.target.encrypted:
            self._socket.settimeout(self.deadline.remaining())  # for the handshake as a whole, not for each message
            self._socket = tls_context().wrap_socket(self._socket, server_hostname=self.target.host)
        self.sock = DeadlineSocket(self._socket, self.deadline)

    def close_socket(self) -> None:
        self.close()
        if self._socket is not None:
            self._socket.close()


def open_socket(addresses: Sequence[Address], deadline: Deadline) -> socket.socket:
    """Connect to the first address that accepts. Each gets an equal share of the time that is left.

    Raises:
        OSError: none accepted; the error is that of the last one.
    """
    for position, (family, address) in enumerate(addresses):
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(deadline.remaining() / (len(addresses) - position))
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
    """Return the context of all connections: loading the trusted certificates takes too long for each."""
    return ssl.create_default_context()
