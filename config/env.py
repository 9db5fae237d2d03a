"""Environment variables, read once and strictly: an invalid value stops the start with the name of its variable."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from django.core.exceptions import ImproperlyConfigured
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

BASE_DIR = Path(__file__).resolve().parent.parent
DEVELOPMENT_SECRET = "development-only-secret-never-to-be-used-in-production-0000"  # noqa: S105 - refused by check E001

CommaList = Annotated[list[str], NoDecode]
ModerationRule = Literal["words", "price", "size", "first_event", "links"]


class Environment(BaseSettings):
    """Every variable that the application reads; docs/configuration.md explains them."""

    model_config = SettingsConfigDict(
        env_file=BASE_DIR / ".env", env_ignore_empty=True, extra="ignore", case_sensitive=True
    )

    DEBUG: bool = False
    SECRET_KEY: str = DEVELOPMENT_SECRET
    DATA_DIR: Path = BASE_DIR / ".data"
    MONGODB_URI: str = ""
    REDIS_URL: str = ""
    ALLOWED_HOSTS: CommaList = ["127.0.0.1", "localhost"]
    CORS_ALLOWED_ORIGINS: CommaList = []
    CSRF_TRUSTED_ORIGINS: CommaList = []
    NUM_PROXIES: int = Field(default=0, ge=0, le=10)
    COOKIE_SECURE: bool | None = None
    RATE_LIMITS: bool = True
    CURRENCY: str = Field(default="EUR", pattern=r"^[A-Z]{3}$")
    PUBLIC_URL: str = "http://127.0.0.1:8000"
    REALTIME_URL: str = Field(default="", pattern=r"^(wss?://[A-Za-z0-9.:\[\]-]+)?$")
    PASSWORD_RESET_URL: str = Field(default="", pattern=r"^(https?://\S+)?$")
    ADMIN_CREATION_TOKEN: str = ""
    LOG_LEVEL: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    LOG_FORMAT: Literal["json", "console"] = "json"
    METRICS_TOKEN: str = ""
    WEBHOOK_ALLOW_PRIVATE: bool = False
    CLAIM_HORIZON_SECONDS: int = Field(default=60, ge=5, le=3600)
    CANCEL_CUTOFF_HOURS: int = Field(default=24, ge=0, le=24 * 365)
    WAITLIST_OFFER_MINUTES: int = Field(default=30, ge=1, le=7 * 24 * 60)
    MODERATION_RULES: Annotated[list[ModerationRule], NoDecode] = [*get_args(ModerationRule)]
    MODERATION_WORDS: CommaList = ["casino bonus", "guaranteed profit", "viagra", "western union"]
    MODERATION_PRICE_LIMIT: Decimal = Field(default=Decimal(1000), ge=0)
    MODERATION_SIZE_LIMIT: int = Field(default=20_000, ge=0)
    EVENT_LOG: Path = Path("logs/events.log.jsonl")
    EMAIL_HOST: str = ""
    EMAIL_PORT: int = Field(default=587, ge=1, le=65535)
    EMAIL_HOST_USER: str = ""
    EMAIL_HOST_PASSWORD: str = ""
    EMAIL_USE_TLS: bool = True
    DEFAULT_FROM_EMAIL: str = "Box Office <no-reply@localhost>"

    @field_validator(
        "ALLOWED_HOSTS", "CORS_ALLOWED_ORIGINS", "CSRF_TRUSTED_ORIGINS", "MODERATION_RULES", "MODERATION_WORDS",
        mode="before",
    )  # fmt: skip
    @classmethod
    def split_commas(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("MODERATION_RULES", "MODERATION_WORDS", mode="before")
    @classmethod
    def read_none(cls, value: object) -> object:
        """Read ``none`` as an empty list: an empty variable counts as not set."""
        return [] if value == "none" else value

    @field_validator("ADMIN_CREATION_TOKEN")
    @classmethod
    def refuse_guessable(cls, value: str) -> str:
        if value and not re.fullmatch(r"[!-~]{8,}", value):
            raise ValueError("must be 8 characters or more (better 32) that a header can hold: no blanks, ASCII only")
        return value

    @model_validator(mode="before")
    @classmethod
    def use_recorded_addresses(cls, given: dict[str, object]) -> dict[str, object]:
        """Use what `make run` recorded, for `manage.py` in a second terminal; the environment goes first."""
        data_dir = Path(str(given.get("DATA_DIR") or cls.model_fields["DATA_DIR"].default))
        return {**read_recorded(data_dir), **given}

    @model_validator(mode="after")
    def require_services(self) -> Self:
        for name in ("MONGODB_URI", "REDIS_URL"):
            if not getattr(self, name):
                raise ValueError(f"{name} is not set and no `make run` is up: set it, or start `make run` first")
        if not self.MONGODB_URI.startswith(("mongodb://", "mongodb+srv://")):
            raise ValueError("MONGODB_URI must start with mongodb:// or mongodb+srv://")
        if not self.REDIS_URL.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("REDIS_URL must start with redis://, rediss:// or unix://")
        return self


def read_recorded(data_dir: Path) -> dict[str, str]:
    """Return the addresses and DEBUG as `make run` wrote them to DATA_DIR/services.json; nothing while it is down."""
    try:
        return dict(json.loads((data_dir / "services.json").read_text()))
    except (OSError, ValueError):
        return {}


def read_environment() -> Environment:
    """Return the validated environment.

    Raises:
        ImproperlyConfigured: with the name of each variable that is missing or invalid, never with its value.
    """
    try:
        return Environment()
    except ValidationError as error:
        faults = [
            ": ".join([*map(str, fault["loc"]), fault["msg"].removeprefix("Value error, ")]) for fault in error.errors()
        ]
        raise ImproperlyConfigured("Configuration: " + "; ".join(faults)) from None
