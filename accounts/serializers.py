"""The JSON of requests and responses about accounts."""

from rest_framework import serializers

from accounts.models import User
from config.api.fields import TextField
from config.api.serializers import BodySerializer, ResponseSerializer


class UserSerializer(serializers.ModelSerializer[User]):
    role = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("id", "name", "email", "role")
        read_only_fields = fields

    def get_role(self, user: User) -> str:
        return user.as_actor().role


class EmailField(TextField, serializers.EmailField):
    """An e-mail address, as a JSON string."""


class PasswordField(TextField):
    """A password as it was typed: blanks at its ends are part of it."""

    def __init__(self) -> None:
        super().__init__(max_length=128, trim_whitespace=False)


class CreateAdminSerializer(BodySerializer):
    name = TextField(max_length=150)
    email = EmailField(max_length=254)
    password = PasswordField()


class RegisterSerializer(CreateAdminSerializer):
    role = serializers.ChoiceField([User.Role.ORGANIZER, User.Role.CUSTOMER])


class LoginSerializer(BodySerializer):
    email = TextField(max_length=254)
    password = PasswordField()


class RefreshSerializer(BodySerializer):
    refresh = TextField(max_length=2048)


class ChangePasswordSerializer(BodySerializer):
    current = PasswordField()
    new = PasswordField()


class RequestResetSerializer(BodySerializer):
    email = EmailField(max_length=254)


class ResetPasswordSerializer(BodySerializer):
    token = TextField(max_length=512)
    new = PasswordField()


class DetailSerializer(ResponseSerializer):
    detail = serializers.CharField(help_text="A sentence for people; its wording may change.")


class ProfileSerializer(BodySerializer):
    name = TextField(max_length=150)


class TokensSerializer(ResponseSerializer):
    token = serializers.CharField(help_text="Access token: a JWT that lives 15 minutes.")
    refresh = serializers.CharField(help_text="Refresh token: works once, lives 30 days.")


class SessionSerializer(TokensSerializer):
    user = UserSerializer()
