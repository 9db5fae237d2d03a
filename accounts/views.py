"""/api/auth: registration, sign-in, tokens, own profile, passwords, the first administrator."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import passwords, profile, refresh_tokens, registration, serializers, sign_in
from accounts.authentication import signed_in
from accounts.models import User
from config.api import rates
from config.api.problems import unknown_route
from config.api.validation import read_body
from config.core.clock import now

ADMIN_TOKEN = OpenApiParameter("X-Admin-Token", str, OpenApiParameter.HEADER, required=True)
RESET_REQUESTED = {"detail": "If an account has this address, it will get a mail with a link to reset its password."}


def session(user: User, pair: refresh_tokens.TokenPair) -> dict[str, object]:
    return {"user": serializers.UserSerializer(user).data, "token": pair.token, "refresh": pair.refresh}


class RegisterView(APIView):
    """Create an account as ORGANIZER or CUSTOMER and sign in."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (rates.REGISTER,)

    @extend_schema(request=serializers.RegisterSerializer, responses={201: serializers.SessionSerializer})
    def post(self, request: Request) -> Response:
        user = registration.register(**read_body(serializers.RegisterSerializer, request), now=now())
        return Response(session(user, refresh_tokens.issue_tokens(user=user, now=now())), status=201)


class LoginView(APIView):
    """Sign in with e-mail and password."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (rates.LOGIN_FROM_ADDRESS, rates.LOGIN_TO_ACCOUNT)

    @extend_schema(request=serializers.LoginSerializer, responses=serializers.SessionSerializer)
    def post(self, request: Request) -> Response:
        user, pair = sign_in.log_in(**read_body(serializers.LoginSerializer, request), now=now())
        return Response(session(user, pair))


class RefreshView(APIView):
    """Exchange a refresh token for the next pair of tokens. Using one twice ends the whole sign-in."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (rates.REFRESH,)

    @extend_schema(request=serializers.RefreshSerializer, responses=serializers.TokensSerializer)
    def post(self, request: Request) -> Response:
        pair = refresh_tokens.rotate(**read_body(serializers.RefreshSerializer, request), now=now())
        return Response({"token": pair.token, "refresh": pair.refresh})


class LogoutView(APIView):
    """End the sign-in that a refresh token belongs to."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (rates.REFRESH,)

    @extend_schema(request=serializers.RefreshSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        refresh_tokens.sign_out(**read_body(serializers.RefreshSerializer, request), now=now())
        return Response(status=204)


class MeView(APIView):
    """The signed-in user."""

    throttle_classes = (rates.OWN_ACCOUNT,)

    @extend_schema(responses=serializers.UserSerializer)
    def get(self, request: Request) -> Response:
        return Response(serializers.UserSerializer(profile.find_user(signed_in(request).id)).data)

    @extend_schema(request=serializers.ProfileSerializer, responses=serializers.UserSerializer)
    def patch(self, request: Request) -> Response:
        user = profile.rename(user_id=signed_in(request).id, **read_body(serializers.ProfileSerializer, request))
        return Response(serializers.UserSerializer(user).data)


class PasswordView(APIView):
    """Change the password. Every sign-in ends, including this one."""

    throttle_classes = (rates.CHANGE_PASSWORD,)

    @extend_schema(request=serializers.ChangePasswordSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        body = read_body(serializers.ChangePasswordSerializer, request)
        passwords.change_password(user_id=signed_in(request).id, **body, now=now())
        return Response(status=204)


class RequestResetView(APIView):
    """Request a mail with a token to set a new password. The response is the same for any address."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (rates.RESET_FROM_ADDRESS, rates.RESET_OF_ACCOUNT)

    @extend_schema(request=serializers.RequestResetSerializer, responses={202: serializers.DetailSerializer})
    def post(self, request: Request) -> Response:
        passwords.request_reset(**read_body(serializers.RequestResetSerializer, request), now=now())
        return Response(RESET_REQUESTED, status=202)


class ResetPasswordView(APIView):
    """Set a new password with the token from the mail, which works once and for an hour. Every sign-in ends."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (rates.CONFIRM_RESET,)

    @extend_schema(request=serializers.ResetPasswordSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        passwords.reset_password(**read_body(serializers.ResetPasswordSerializer, request), now=now())
        return Response(status=204)


class CreateAdminView(APIView):
    """Create a staff user who may do everything in the admin.

    This endpoint exists only if ADMIN_CREATION_TOKEN is set; otherwise every method answers 404.
    """

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (rates.CREATE_ADMIN,)

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        return super().dispatch(request, *args, **kwargs) if settings.ADMIN_CREATION_TOKEN else unknown_route(request)

    @extend_schema(
        parameters=[ADMIN_TOKEN],
        request=serializers.CreateAdminSerializer,
        responses={201: serializers.SessionSerializer},
    )
    def post(self, request: Request) -> Response:
        registration.refuse_wrong_admin_token(request.headers.get("X-Admin-Token", ""))
        user = registration.create_admin(**read_body(serializers.CreateAdminSerializer, request), now=now())
        return Response(session(user, refresh_tokens.issue_tokens(user=user, now=now())), status=201)
