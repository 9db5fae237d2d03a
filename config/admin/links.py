"""URLs of the admin's lists and objects."""

from django.contrib.admin.utils import quote
from django.db.models import Model
from django.urls import reverse


def changelist_link(model: str, **query: object) -> str:
    """Return the URL of the list of a model (``bookings.booking``), searched (``q``) and filtered by ``query``."""
    return reverse(f"admin:{model.replace('.', '_')}_changelist", query=query)


def change_link(found: Model) -> str:
    return page_link(found, "change")


def history_link(found: Model) -> str:
    return page_link(found, "history")


def page_link(found: Model, page: str) -> str:
    meta = found._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=[quote(found.pk)])
