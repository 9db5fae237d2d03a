"""No geography: spares every process the search for a library that nothing here uses.

The backend tries GeoDjango on import. Where GDAL is not installed, Django looks for it under twelve names, by running
ldconfig, gcc and ld, and does so three times: a quarter of what a process takes to start.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import MetaPathFinder

from django.core.exceptions import ImproperlyConfigured


class NoGeography(MetaPathFinder):
    def find_spec(self, name: str, path: object, target: object = None) -> None:
        if name == "django.contrib.gis.gdal":
            raise ImproperlyConfigured("Geography is switched off: see config/mongo/geography.py.")


@contextmanager
def switched_off() -> Iterator[None]:
    """Let what is imported meanwhile find no GDAL, as if it were not installed."""
    sys.meta_path.insert(0, finder := NoGeography())
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
