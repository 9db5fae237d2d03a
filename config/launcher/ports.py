"""TCP ports on this machine."""

import socket

from config.launcher.errors import LaunchError


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def require_free(port: int, *, variable: str, host: str) -> None:
    """Raise LaunchError when a port is taken, naming the variable that chooses another."""
    if not 0 < port < 65536:
        raise LaunchError(f"{variable}={port} is no port: choose one from 1 to 65535.")
    if not is_free(port, host):
        raise LaunchError(
            f"Port {port} is taken by another program: stop it, or choose another with {variable}={port + 1}."
        )
