"""What a process does while it starts, which is what every command and every restart waits for."""

import gc
import subprocess
import sys

import pytest

pytestmark = pytest.mark.no_database
LOOKS_FOR_NOTHING = """
import ctypes.util

def find_library(name):
    raise SystemExit(f"looked for {name}")

ctypes.util.find_library = find_library
import django
django.setup()
from django.db import connection
print(connection.ops.compiler_module)
"""


def test_no_library_is_looked_for_by_running_compilers():
    done = subprocess.run([sys.executable, "-c", LOOKS_FOR_NOTHING], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("config.mongo.compiler\n", "")


def test_garbage_is_collected_once_the_apps_are_loaded():
    assert gc.isenabled()
