"""Shapes of account requests and answers."""

from typing import Any

from rest_framework import serializers

from accounts.models import User
from config.fields import TextField


class UserSerializer(serializers.ModelSerializer[User]):
    role = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("id", "name", "email", "role")
        read_only_fields = fields

    def get_role(self, user: User) -> str:
        return user.as_caller().role


class EmailField(TextField, serializers.EmailField):
    """An address as a JSON string."""


class RegisterSerializer(serializers.Serializer[Any]):
    name = TextField(max_length=150)
    email = EmailField(max_length=254)
    password = TextField(max_length=128, trim_whitespace=False)
    role = serializers.ChoiceField([User.Role.ORGANIZER, User.Role.CUSTOMER])


class LoginSerializer(serializers.Serializer[Any]):
    email = TextField(max_length=254)
    password = TextField(max_length=128, trim_whitespace=False)


class RefreshSerializer(serializers.Serializer[Any]):
    refresh = TextField(max_length=2048)


class ProfileSerializer(serializers.Serializer[Any]):
    name = TextField(max_length=150)


class TokensSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Access token: a JWT that lives 15 minutes.")
    refresh = serializers.CharField(help_text="Refresh token: works once, lives 30 days.")


class SessionSerializer(TokensSerializer):
    user = UserSerializer()
