"""HTTP in production (docs/decisions/0002): granian serves ``application``."""

import gc
import os

import django

from config.requests import Application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)
application = Application()

from django.urls import get_resolver  # noqa: E402 - needs the settings that the lines above load

from config.checks import refuse_unsafe_start  # noqa: E402 - needs the settings that the lines above load

refuse_unsafe_start()
_ = get_resolver().url_patterns  # loads all views now instead of with the first request
gc.collect()
gc.freeze()  # what was loaded stays: a full collection, which stops every request, then has little to look at
