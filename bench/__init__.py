"""Benchmarks behind `make bench`. Each runs on servers of its own and says with its exit code whether it held."""

import os
import warnings

import django

os.environ.update(DJANGO_SETTINGS_MODULE="config.settings", LOG_LEVEL="WARNING", RATE_LIMITS="off")
warnings.filterwarnings("ignore", "No directory at", UserWarning)  # collectstatic is for production
django.setup()
