"""The groups that every installation has, and what their members may do in the admin."""

from django.apps.registry import Apps
from django.contrib.auth.models import Permission

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


def make_groups(apps: Apps) -> None:
    """Create the groups and add the permissions that they lack; permissions added by hand stay.

    Runs in a migration. Django creates content types and permissions only after the last one, so this creates those
    that are missing, and Django finds them later.
    """
    for name, permissions in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(*(get_permission(apps, *wanted) for wanted in permissions))


def get_permission(apps: Apps, app: str, model: str, codename: str, name: str) -> Permission:
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app, model=model)
    permission: Permission
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": name}
    )
    return permission
