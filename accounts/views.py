"""/api/auth: register, sign in, refresh, sign out, me."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import serializers, services, tokens
from accounts.authentication import signed_in
from accounts.models import User
from config.clock import now
from config.throttling import ByAddress, ByEmail, ByUser
from config.validation import read_body


def session(user: User, pair: tokens.TokenPair) -> dict[str, object]:
    return {"user": serializers.UserSerializer(user).data, "token": pair.token, "refresh": pair.refresh}


class RegisterView(APIView):
    """Create an account as ORGANIZER or CUSTOMER and sign in."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (ByAddress.at("register", "300/min"),)

    @extend_schema(request=serializers.RegisterSerializer, responses={201: serializers.SessionSerializer})
    def post(self, request: Request) -> Response:
        user = services.register(**read_body(serializers.RegisterSerializer, request), now=now())
        return Response(session(user, tokens.issue_tokens(user=user, now=now())), status=201)


class LoginView(APIView):
    """Sign in with e-mail and password."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (ByAddress.at("login", "300/min"), ByEmail.at("login", "20/min"))

    @extend_schema(request=serializers.LoginSerializer, responses=serializers.SessionSerializer)
    def post(self, request: Request) -> Response:
        user, pair = services.log_in(**read_body(serializers.LoginSerializer, request), now=now())
        return Response(session(user, pair))


class RefreshView(APIView):
    """Trade a refresh token for the next pair; using one twice ends the whole sign-in."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (ByAddress.at("refresh", "600/min"),)

    @extend_schema(request=serializers.RefreshSerializer, responses=serializers.TokensSerializer)
    def post(self, request: Request) -> Response:
        pair = tokens.rotate(**read_body(serializers.RefreshSerializer, request), now=now())
        return Response({"token": pair.token, "refresh": pair.refresh})


class LogoutView(APIView):
    """End the sign-in that a refresh token belongs to."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (ByAddress.at("refresh", "600/min"),)

    @extend_schema(request=serializers.RefreshSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        tokens.sign_out(**read_body(serializers.RefreshSerializer, request), now=now())
        return Response(status=204)


class MeView(APIView):
    """The signed-in user."""

    throttle_classes = (ByUser.at("me", "600/min"),)

    @extend_schema(responses=serializers.UserSerializer)
    def get(self, request: Request) -> Response:
        return Response(serializers.UserSerializer(User.objects.get(pk=signed_in(request).id)).data)

    @extend_schema(request=serializers.ProfileSerializer, responses=serializers.UserSerializer)
    def patch(self, request: Request) -> Response:
        user = services.rename(user_id=signed_in(request).id, **read_body(serializers.ProfileSerializer, request))
        return Response(serializers.UserSerializer(user).data)
