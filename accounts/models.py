"""Users and their refresh tokens."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from accounts import actors
from accounts.documents import UserDocument
from config.core.clock import now
from config.core.ids import new_id
from config.mongo.collections import Documents


def new_user_id() -> str:
    return new_id("USR")


def normalize_email(email: str) -> str:
    """Return the spelling by which an address is stored and looked up."""
    return email.strip().lower()


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normalize_email(username or ""))

    def names_of(self, ids: Iterable[str]) -> dict[str, str]:
        """Return name by id, in one query; ids without an account are left out."""
        return dict(self.filter(pk__in=set(ids)).values_list("pk", "name"))

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        staff = {"role": User.Role.STAFF, "is_staff": True, "is_superuser": True}
        return self.create_user(email, password, **{"name": email, **fields, **staff})


class User(AbstractBaseUser, PermissionsMixin):
    """An organizer, a customer, or staff. Blocked when not ``is_active``."""

    class Role(models.TextChoices):
        ORGANIZER = actors.ORGANIZER
        CUSTOMER = actors.CUSTOMER
        STAFF = actors.STAFF

    id = models.CharField(primary_key=True, db_column="_id", max_length=16, default=new_user_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=10, choices=Role)
    is_active = models.BooleanField(
        "active", default=True, help_text="Untick to block: signed out everywhere within 5 seconds."
    )
    is_staff = models.BooleanField("staff", default=False, help_text="May sign in to the admin.")
    created_at = models.DateTimeField(default=now, editable=False)
    tokens_revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()
    documents = Documents[UserDocument]()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        indexes = (
            models.Index(fields=["-created_at", "-id"], name="user_newest"),
            models.Index(fields=["tokens_revoked_at"], name="user_revoked"),
            models.Index(fields=["role", "-created_at", "-id"], name="user_newest_of_role"),
            models.Index(fields=["is_active", "-created_at", "-id"], name="user_newest_blocked"),
            models.Index(fields=["is_staff", "-created_at", "-id"], name="user_newest_staff"),
        )
        permissions = (("block_user", "Can block and unblock users"),)

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        super().clean()
        self.email = normalize_email(self.email)

    @property
    def is_staff_account(self) -> bool:
        return self.is_superuser or self.as_actor().is_staff

    def as_actor(self) -> actors.Actor:
        return actors.Actor(id=self.id, name=self.name, role=actors.STAFF if self.is_staff else self.role)


class RefreshToken(models.Model):
    """An issued refresh token. ``family`` is one sign-in: rotation keeps it, reuse revokes all of it.

    A TTL index (migration 0002) deletes the document once the token has expired.
    """

    jti = models.CharField(primary_key=True, db_column="_id", max_length=32)
    user = models.ForeignKey(User, on_delete=models.CASCADE, db_index=False)
    family = models.CharField(max_length=32)
    spent_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["family"], name="refresh_family"),
            models.Index(fields=["user"], name="refresh_user"),
        )

    def __str__(self) -> str:
        return self.jti

    def is_usable(self, moment: datetime) -> bool:
        return self.spent_at is None and self.revoked_at is None and self.expires_at > moment
