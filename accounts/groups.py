"""The groups that come with the house, and what their members may do in the admin."""

from typing import Any

VIEWED = {
    "accounts": ("user",),
    "bookings": ("booking", "waitlistentry", "eventjob"),
    "events": ("event", "report"),
    "journal": ("entry",),
}
VIEW_ALL = tuple(
    (app, model, f"view_{model}", f"Can view {model}") for app, models in VIEWED.items() for model in models
)
CANCEL = ("bookings", "booking", "cancel_booking", "Can cancel bookings for their customers")
RESEND = ("bookings", "booking", "resend_mail", "Can send confirmations again")
MODERATE = ("events", "event", "moderate_event", "Can decide about events in the moderation queue")
BLOCK = ("accounts", "user", "block_user", "Can block and unblock users")
GROUPS = {"Moderators": (*VIEW_ALL, MODERATE, BLOCK, CANCEL, RESEND), "Support": (*VIEW_ALL, CANCEL, RESEND)}


def make_groups(apps: Any) -> None:
    """Make the groups and give them what they lack; what was given to them by hand stays.

    Runs in a migration, where Django has not made content types and permissions yet (it does after the last one):
    those that are missing are made here, and Django then finds them.
    """
    for name, permissions in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(*(permission(apps, *wanted) for wanted in permissions))


def permission(apps: Any, app: str, model: str, codename: str, name: str) -> Any:
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app, model=model)
    found, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=kind, codename=codename, defaults={"name": name}
    )
    return found
