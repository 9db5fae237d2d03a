"""HTTP in production (docs/decisions/0002): granian serves ``application``."""

import os

import django

from config.api.wsgi_request import Application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)
application = Application()

from config.checks import refuse_unsafe_start  # noqa: E402 - needs the settings that the lines above load

refuse_unsafe_start()
