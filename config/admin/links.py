"""Addresses of the admin's lists and objects."""

from django.contrib.admin.utils import quote
from django.db.models import Model
from django.urls import reverse


def changelist_link(kind: str, **query: object) -> str:
    """Return the list of a kind of object (``bookings.booking``), searched (``q``) and filtered as the query says."""
    return reverse(f"admin:{kind.replace('.', '_')}_changelist", query=query)


def change_link(found: Model) -> str:
    return page_of(found, "change")


def history_link(found: Model) -> str:
    return page_of(found, "history")


def page_of(found: Model, page: str) -> str:
    meta = found._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=[quote(found.pk)])
