"""Reading what the launcher itself needs from the environment; config/env.py reads the rest."""

from collections.abc import Mapping

from config.launcher.errors import LaunchError


def host_and_port(env: Mapping[str, str]) -> tuple[str, int]:
    return env.get("HOST") or "127.0.0.1", whole_number(env, "PORT", 8000)


def whole_number(env: Mapping[str, str], name: str, default: int) -> int:
    """Return the variable's value, or ``default`` where it is missing or empty.

    Raises:
        LaunchError: it is set to something else.
    """
    raw = env.get(name) or str(default)
    if not raw.isdecimal():
        raise LaunchError(f"{name}={raw} is not a whole number: correct it or leave it out.")
    return int(raw)
