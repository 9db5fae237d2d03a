"""A short soak; docs/architecture.md has the command of the long one."""

import pytest

from tests.support import soak


@pytest.mark.processes
@pytest.mark.timeout(240)
def test_after_everything_at_once_everything_adds_up():
    assert soak.run(operations=600, processes=3, seed="spring") == []
