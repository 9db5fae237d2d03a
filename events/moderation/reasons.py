"""Three lists of reasons: why an event is queued, why a customer reports it, why a moderator hides or cancels it."""

from django.db.models import TextChoices

from config.core.errors import Invalid

MAX_TEXT = 400  # so that it fits hidden_reason and cancel_reason together with a label
MAX_REPORT, MAX_APPEAL = 1000, 2000


class Cause(TextChoices):
    """Why an event is in the queue."""

    NEW = "new", "Newly published"
    CHANGED = "changed", "Changed by its organizer"
    REPORTED = "reported", "Reported by customers"
    FLAGGED = "flagged", "Flagged by a rule"
    APPEALED = "appealed", "Appealed by its organizer"


class ReportReason(TextChoices):
    """Why a customer reports an event."""

    MISLEADING = "MISLEADING", "Misleading or false"
    OFFENSIVE = "OFFENSIVE", "Offensive"
    FRAUD = "FRAUD", "Fraud"
    DUPLICATE = "DUPLICATE", "The same event twice"
    OTHER = "OTHER", "Something else"


class DecisionReason(TextChoices):
    """Why a moderator hides or cancels an event; the organizer reads the label."""

    MISLEADING = "MISLEADING", "Misleading or false information"
    OFFENSIVE = "OFFENSIVE", "Offensive content"
    FRAUD = "FRAUD", "Suspected fraud"
    DUPLICATE = "DUPLICATE", "The same event is listed already"
    RULES = "RULES", "Against the rules of the platform"
    OTHER = "OTHER", "Another reason"


def public_reason(reason: str, text: str) -> str:
    """Return the sentence that organizers and customers read: the reason's label and the moderator's words."""
    label = DecisionReason(reason).label
    return text if reason == DecisionReason.OTHER else f"{label}: {text}" if text else str(label)


def validate_public_reason(reason: str, text: str) -> str:
    """Return the public sentence of a reason that a moderator chose and a text that they wrote.

    Raises:
        Invalid: not a reason from the list, OTHER without a text, or the text is too long.
    """
    refuse_long_text(text)
    if reason not in DecisionReason.values:
        raise Invalid("reason", "Choose a reason from the list.", code="required")
    if reason == DecisionReason.OTHER and not text:
        raise Invalid("text", "Write what the reason is.", code="required")
    return public_reason(reason, text)


def refuse_long_text(text: str) -> None:
    if len(text) > MAX_TEXT:
        raise Invalid("text", f"Write at most {MAX_TEXT} characters.", code="max_length")
