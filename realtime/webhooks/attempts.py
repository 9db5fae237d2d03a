"""The outcome of an attempt to deliver."""

from dataclasses import dataclass
from datetime import datetime

from config.core.clock import iso
from realtime.documents import AttemptDocument


@dataclass(frozen=True, slots=True)
class Attempt:
    """The outcome of one attempt: the receiver's HTTP status, or None with the error that came instead."""

    at: datetime
    status: int | None
    error: str | None
    duration_ms: int

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    def as_logged(self) -> AttemptDocument:
        return {"at": iso(self.at), "status": self.status, "error": self.error, "durationMs": self.duration_ms}
