"""The start of a process, for which every command and every restart waits."""

import gc
import subprocess
import sys

import pytest

pytestmark = pytest.mark.no_database
START_WITHOUT_LIBRARY_SEARCH = """
import ctypes.util

def find_library(name):
    raise SystemExit(f"looked for {name}")

ctypes.util.find_library = find_library
import django
django.setup()
from django.db import connection
print(connection.ops.compiler_module)
"""


def test_the_start_does_not_search_for_gdal():
    done = subprocess.run(
        [sys.executable, "-c", START_WITHOUT_LIBRARY_SEARCH], capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.stderr) == ("config.mongo.compiler\n", "")


def test_garbage_is_collected_once_the_apps_are_loaded():
    assert gc.isenabled()
