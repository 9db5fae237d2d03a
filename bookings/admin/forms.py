"""Forms that ask staff for a reason."""

from config.admin.reason_forms import ReasonForm


class CancelForm(ReasonForm):
    reasons = (
        ("ASKED", "The customer asked for it"),
        ("TWICE", "Booked twice by mistake"),
        ("FRAUD", "Suspected fraud"),
        ("GOODWILL", "Goodwill after the cut-off"),
    )


class ResendForm(ReasonForm):
    reasons = (("NOT_RECEIVED", "The customer did not get it"), ("LOST", "The customer lost it"))
