"""The house: settings, errors, paging, the database engine, and how processes start."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
