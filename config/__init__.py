"""The platform under the apps: settings, REST layer, admin, database engine, and how processes start."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
