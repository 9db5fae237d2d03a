"""The Celery application: `celery -A config worker` and `celery -A config beat`."""

import os

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("boxoffice")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**_: object) -> None:
    """Keep Celery from replacing the structured logs of config.apps: it does not if the signal has a receiver."""


@worker_init.connect
@beat_init.connect
def refuse_unsafe_start(**_: object) -> None:
    from config.checks import refuse_unsafe_start  # noqa: PLC0415 - needs the app registry

    refuse_unsafe_start()
