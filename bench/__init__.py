"""Benchmarks of `make bench`. Each runs on its own servers; its exit code is 1 if a limit was exceeded."""

import os
import warnings

import django

os.environ.update(DJANGO_SETTINGS_MODULE="config.settings", LOG_LEVEL="WARNING", RATE_LIMITS="off")
warnings.filterwarnings("ignore", "No directory at", UserWarning)  # collectstatic runs in production only
django.setup()
