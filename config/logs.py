"""Structured logs: one JSON object a line on standard output, with the request's id."""

import logging
import logging.config
from typing import Any

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
    """Lets a line through every ten seconds, without its traceback: while Redis is away, each request has one."""

    SECONDS = 10.0

    def __init__(self) -> None:
        super().__init__()
        self._next = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        if record.created < self._next:
            return False
        self._next = record.created + self.SECONDS
        record.exc_info = None
        return True


def drop_noise(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """uvicorn sends each message a second time, coloured."""
    event.pop("color_message", None)
    return event


def render_json(_logger: WrappedLogger, _name: str, event: EventDict) -> str:
    return orjson.dumps(event, default=str).decode()


def logging_config(*, level: str, style: str) -> dict[str, Any]:
    """Return the dictConfig for all loggers of the process; ``style`` is ``json`` or ``console``."""
    render: Processor = render_json if style == "json" else structlog.dev.ConsoleRenderer(colors=False)
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [*SHARED, structlog.stdlib.ExtraAdder(), drop_noise],
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"structured": formatter},
        "handlers": {
            "stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "structured"}
        },
        "filters": {"seldom": {"()": OncePerInterval}},
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {
            "django.request": {"level": "ERROR"},  # 4xx answers are in the access log already
            "django.utils.autoreload": {"level": "WARNING"},
            "config.core.cache_serializer": {"filters": ["seldom"]},
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


def configure(config: dict[str, Any]) -> None:
    """Apply the configuration to the standard library and to structlog."""
    logging.config.dictConfig(config)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
