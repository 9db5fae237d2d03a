"""Shapes of account requests and answers."""

from typing import Any

from rest_framework import serializers

from accounts.models import User
from config.api.fields import TextField


class UserSerializer(serializers.ModelSerializer[User]):
    role = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("id", "name", "email", "role")
        read_only_fields = fields

    def get_role(self, user: User) -> str:
        return user.as_actor().role


class EmailField(TextField, serializers.EmailField):
    """An address as a JSON string."""


class PasswordField(TextField):
    """A password as it was typed, blanks included."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=128, trim_whitespace=False, **kwargs)


class CreateAdminSerializer(serializers.Serializer[Any]):
    name = TextField(max_length=150)
    email = EmailField(max_length=254)
    password = PasswordField()


class RegisterSerializer(CreateAdminSerializer):
    role = serializers.ChoiceField([User.Role.ORGANIZER, User.Role.CUSTOMER])


class LoginSerializer(serializers.Serializer[Any]):
    email = TextField(max_length=254)
    password = PasswordField()


class RefreshSerializer(serializers.Serializer[Any]):
    refresh = TextField(max_length=2048)


class ChangePasswordSerializer(serializers.Serializer[Any]):
    current = PasswordField()
    new = PasswordField()


class RequestResetSerializer(serializers.Serializer[Any]):
    email = EmailField(max_length=254)


class ResetPasswordSerializer(serializers.Serializer[Any]):
    token = TextField(max_length=512)
    new = PasswordField()


class DetailSerializer(serializers.Serializer[Any]):
    detail = serializers.CharField(help_text="For people; may change.")


class ProfileSerializer(serializers.Serializer[Any]):
    name = TextField(max_length=150)


class TokensSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Access token: a JWT that lives 15 minutes.")
    refresh = serializers.CharField(help_text="Refresh token: works once, lives 30 days.")


class SessionSerializer(TokensSerializer):
    user = UserSerializer()
