"""The form of an event in the admin, as a browser fills it in and posts it."""

from typing import Any

from django.test import Client

from events.models import Event

EVENTS = "/admin/events/event/"


def form_of(browser: Client, event: Event) -> dict[str, object]:
    """Return what a browser posts if nothing is changed."""
    form = browser.get(f"{EVENTS}{event.pk}/change/").context["adminform"].form
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    starts_at = values.pop("starts_at")
    values |= {
        "starts_at_0": f"{starts_at:%Y-%m-%d}",
        "starts_at_1": f"{starts_at:%H:%M:%S}",
        "ends_at_0": "",
        "ends_at_1": "",
        "description": str(values["description"]).replace("\n", "\r\n"),
    }
    return {
        name: ",".join(value) if isinstance(value, list) else value
        for name, value in values.items()
        if value is not None
    }


def save(browser: Client, event: Event, form: dict[str, object], **changes: object) -> Any:
    """Post the form with some changes, and return the page that follows."""
    return browser.post(f"{EVENTS}{event.pk}/change/", {**form, **changes}, follow=True)
