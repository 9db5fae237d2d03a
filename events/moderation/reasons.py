"""Why an event is looked at, why it is reported, and why something is taken away from it."""

from django.db.models import TextChoices

from config.core.errors import Invalid

MAX_TEXT = 400  # with the label before it, it fits hidden_reason and cancel_reason
MAX_REPORT, MAX_APPEAL = 1000, 2000


class Cause(TextChoices):
    """Why an event is in the queue."""

    NEW = "new", "Newly published"
    CHANGED = "changed", "Changed by its organizer"
    REPORTED = "reported", "Reported by customers"
    FLAGGED = "flagged", "Flagged by a rule"
    APPEALED = "appealed", "Appealed by its organizer"


class ReportReason(TextChoices):
    """What customers may say of an event."""

    MISLEADING = "MISLEADING", "Misleading or false"
    OFFENSIVE = "OFFENSIVE", "Offensive"
    FRAUD = "FRAUD", "Fraud"
    DUPLICATE = "DUPLICATE", "The same event twice"
    OTHER = "OTHER", "Something else"


class DecisionReason(TextChoices):
    """What a moderator gives as the reason for hiding or cancelling; its label is told to the organizer."""

    MISLEADING = "MISLEADING", "Misleading or false information"
    OFFENSIVE = "OFFENSIVE", "Offensive content"
    FRAUD = "FRAUD", "Suspected fraud"
    DUPLICATE = "DUPLICATE", "The same event is listed already"
    RULES = "RULES", "Against the rules of the house"
    OTHER = "OTHER", "Another reason"


def public_reason(reason: str, text: str) -> str:
    """Return the sentence that people are told: the reason's label, and what the moderator wrote."""
    label = DecisionReason(reason).label
    return text if reason == DecisionReason.OTHER else f"{label}: {text}" if text else str(label)


def sentence_of(reason: str, text: str) -> str:
    """The same for what a moderator chose and wrote, which may be nothing, too much or forged.

    Raises:
        Invalid: no reason from the list, another one that is not said, or too many words.
    """
    refuse_long(text)
    if reason not in DecisionReason.values:
        raise Invalid("reason", "Choose a reason from the list.", code="required")
    if reason == DecisionReason.OTHER and not text:
        raise Invalid("text", "Say what the reason is.", code="required")
    return public_reason(reason, text)


def refuse_long(text: str) -> None:
    if len(text) > MAX_TEXT:
        raise Invalid("text", f"Say it in {MAX_TEXT} characters.", code="max_length")
