"""Validators of the fields of an event, for the API and the admin alike."""

import unicodedata
import zoneinfo
from datetime import datetime
from functools import lru_cache

from django.core.exceptions import ValidationError

from config.core.clock import EARLIEST, LATEST


def validate_one_line(text: str) -> None:
    """Refuse line breaks and other control characters, which break mails, logs, CSV and terminals."""
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise ValidationError("Line breaks and control characters are not allowed.", code="control_characters")


def validate_tag(text: str) -> None:
    """Refuse commas too: the ``tags`` filter and the admin write tags as a list with commas."""
    validate_one_line(text)
    if "," in text:
        raise ValidationError("A tag has no comma: send two tags.", code="comma")


def validate_timezone(name: str) -> None:
    if name not in known_timezones():
        raise ValidationError("Not an IANA time zone such as Europe/Berlin.", code="unknown_timezone")


@lru_cache(maxsize=1)
def known_timezones() -> set[str]:
    """Return IANA's names, without the files that some systems add for their own zone."""
    return zoneinfo.available_timezones() - {"localtime", "posixrules", "Factory"}


def validate_moment(moment: datetime) -> None:
    if not EARLIEST <= moment < LATEST:
        raise ValidationError("The date must be between 2000 and 2199.", code="out_of_range")
