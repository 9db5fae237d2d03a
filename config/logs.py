"""Structured logs: one JSON object in each line of standard output, with the id of the request."""

import logging
import logging.config

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


class OncePerInterval(logging.Filter):
    """Passes one record in ten seconds, without its traceback: without Redis, each request logs one."""

    SECONDS = 10.0

    def __init__(self) -> None:
        super().__init__()
        self._next_at = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        if record.created < self._next_at:
            return False
        self._next_at = record.created + self.SECONDS
        record.exc_info = None
        return True


def drop_duplicate(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Drop the coloured copy of a message that uvicorn adds."""
    event.pop("color_message", None)
    return event


def render_json(_logger: WrappedLogger, _name: str, event: EventDict) -> str:
    return orjson.dumps(event, default=str).decode()


def logging_config(*, level: str, style: str) -> dict[str, object]:
    """Return the dictConfig of all loggers of the process; ``style`` is ``json`` or ``console``."""
    render: Processor = render_json if style == "json" else structlog.dev.ConsoleRenderer(colors=False)
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [*SHARED, structlog.stdlib.ExtraAdder(), drop_duplicate],
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"structured": formatter},
        "handlers": {
            "stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "structured"}
        },
        "filters": {"once_per_interval": {"()": OncePerInterval}},
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {
            "django.request": {"level": "ERROR"},  # the access log has 4xx responses already
            "django.utils.autoreload": {"level": "WARNING"},
            "config.core.cache_serializer": {"filters": ["once_per_interval"]},
            "pymongo": {"level": "WARNING"},
            "uvicorn.access": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},  # one line for each dispatch would bury the others
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }


def current_request_id() -> str:
    """Return the id of the request that is being served, if any."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def configure(config: dict[str, object]) -> None:
    """Apply the configuration to the standard library and to structlog."""
    logging.config.dictConfig(config)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
