"""One running product for each file of tests."""

from collections.abc import Callable, Iterator

import pytest

from accounts.models import User
from tests.realtime.stack import Listener, Stack


@pytest.fixture(scope="module")
def running_stack(migrated: None, django_db_blocker) -> Iterator[Stack]:
    stack = Stack()
    yield stack
    stack.stop()


@pytest.fixture
def stack(running_stack: Stack) -> Stack:
    running_stack.mail.mails.clear()
    return running_stack


@pytest.fixture
def listen(stack: Stack) -> Iterator[Callable[..., Listener]]:
    """Connect as a user; disconnected after the test."""
    listeners: list[Listener] = []

    def connect(user: User, **options: str) -> Listener:
        listeners.append(Listener(stack, user, **options))
        return listeners[-1]

    yield connect
    for listener in listeners:
        listener.close()
