"""Refresh, logout, and which tokens are valid."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import jwt
import pytest
from django.conf import settings
from django.db import connection

from accounts import access_tokens, blocking, refresh_tokens
from accounts.models import RefreshToken, User
from accounts.revocations import FRESH_SECONDS, TRUSTED_SECONDS, revocations
from config.core.clock import now
from tests.support.bad_input import NOT_TEXT, NUL, SURROGATE, faulty_fields, is_problem
from tests.support.mongodb_commands import database_commands

REFRESH, LOGOUT, ME = "/api/auth/refresh", "/api/auth/logout", "/api/auth/me"


@pytest.fixture
def pair(customer: User) -> refresh_tokens.TokenPair:
    return refresh_tokens.issue_tokens(user=customer, now=now())


STAFF_CLAIMS = {"token_type": "access", "user_id": "USR-00000001", "name": "Eve", "role": "STAFF", "jti": "1", "rev": 0,
                "iat": 1, "exp": 4e9}  # fmt: skip


def forge(**changes: object) -> str:
    claims = {
        "token_type": "access",
        "user_id": "USR-00000001",
        "name": "Eve",
        "role": "CUSTOMER",
        "jti": "1",
        "rev": 0,
    }
    times = {"iat": int(now().timestamp()), "exp": int(now().timestamp()) + 60}
    return jwt.encode({**claims, **times, **changes}, settings.SECRET_KEY, algorithm="HS256")


def me(client, token: str):
    return client.get(ME, HTTP_AUTHORIZATION=f"Bearer {token}")


def test_refreshing_returns_the_next_pair(anonymous, pair: refresh_tokens.TokenPair):
    response = anonymous.post(REFRESH, {"refresh": pair.refresh})

    assert (response.status_code, set(response.json())) == (200, {"token", "refresh"})
    assert me(anonymous, response.json()["token"]).status_code == 200


def test_a_spent_refresh_token_is_refused(anonymous, pair: refresh_tokens.TokenPair):
    anonymous.post(REFRESH, {"refresh": pair.refresh})

    assert is_problem(anonymous.post(REFRESH, {"refresh": pair.refresh}), 401, "bad_token")


def test_reusing_a_refresh_token_ends_its_family(anonymous, pair: refresh_tokens.TokenPair):
    successor = anonymous.post(REFRESH, {"refresh": pair.refresh}).json()["refresh"]
    anonymous.post(REFRESH, {"refresh": pair.refresh})

    assert is_problem(anonymous.post(REFRESH, {"refresh": successor}), 401, "bad_token")


def test_reusing_a_refresh_token_leaves_other_sign_ins_valid(anonymous, customer: User, pair: refresh_tokens.TokenPair):
    elsewhere = refresh_tokens.issue_tokens(user=customer, now=now())
    for _ in range(2):
        anonymous.post(REFRESH, {"refresh": pair.refresh})

    assert anonymous.post(REFRESH, {"refresh": elsewhere.refresh}).status_code == 200


def test_concurrent_refreshes_with_one_token_end_its_family(client_factory, pair: refresh_tokens.TokenPair):
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: client_factory().post(REFRESH, {"refresh": pair.refresh}), range(8)))

    assert sum(answer.status_code == 200 for answer in answers) <= 1
    assert RefreshToken.objects.filter(revoked_at=None).count() == 0


def test_a_logout_ends_the_sign_in(anonymous, pair: refresh_tokens.TokenPair):
    assert anonymous.post(LOGOUT, {"refresh": pair.refresh}).status_code == 204

    assert is_problem(anonymous.post(REFRESH, {"refresh": pair.refresh}), 401, "bad_token")


def test_a_second_logout_is_answered_204_too(anonymous, pair: refresh_tokens.TokenPair):
    statuses = [anonymous.post(LOGOUT, {"refresh": pair.refresh}).status_code for _ in range(2)]

    assert statuses == [204, 204]


@pytest.mark.parametrize("url", [REFRESH, LOGOUT])
@pytest.mark.parametrize("value", [*NOT_TEXT, "", NUL, SURROGATE, "x" * 3000])
def test_an_invalid_field_is_named_in_the_400(anonymous, url: str, value: object):
    assert faulty_fields(anonymous.post(url, {"refresh": value})) == {"refresh"}


@pytest.mark.parametrize("url", [REFRESH, LOGOUT])
@pytest.mark.parametrize("token", ["x", "a.b.c", "é.é.é", forge(), forge(token_type="refresh", jti="unknown")])
def test_a_foreign_refresh_token_is_refused(anonymous, url: str, token: str):
    assert is_problem(anonymous.post(url, {"refresh": token}), 401, "bad_token")


def test_an_access_token_is_refused_as_refresh_token(anonymous, pair: refresh_tokens.TokenPair):
    assert is_problem(anonymous.post(REFRESH, {"refresh": pair.token}), 401, "bad_token")


def test_a_refresh_token_is_refused_as_access_token(anonymous, pair: refresh_tokens.TokenPair):
    assert is_problem(me(anonymous, pair.refresh), 401, "unauthorized")


@pytest.mark.parametrize(
    "token",
    [
        forge(exp=1),
        forge(role="ROOT"),
        forge(role=["CUSTOMER"]),
        forge(iat="x"),
        forge(rev="x"),
        forge(rev=None),
        jwt.encode(STAFF_CLAIMS, None, algorithm="none"),
        jwt.encode(STAFF_CLAIMS, "another secret of thirty-two bytes", algorithm="HS256"),
        "x",
        "a.b.c",
    ],
)
def test_an_invalid_access_token_is_refused(anonymous, token: str):
    assert is_problem(me(anonymous, token), 401, "unauthorized")


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Basic dTpw", "token", "Bearer \xff"])
def test_a_malformed_authorization_header_is_refused(anonymous, header: str):
    response = anonymous.get(ME, HTTP_AUTHORIZATION=header)

    assert is_problem(response, 401, "unauthorized")
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


def test_an_invalid_token_is_refused_where_none_is_needed(anonymous):
    assert is_problem(anonymous.get("/api/events", HTTP_AUTHORIZATION="Bearer x"), 401, "unauthorized")


def test_both_tokens_of_a_blocked_user_are_refused(anonymous, customer: User, pair: refresh_tokens.TokenPair):
    blocking.block(user_id=customer.id, now=now())

    assert is_problem(me(anonymous, pair.token), 401, "unauthorized")
    assert is_problem(anonymous.post(REFRESH, {"refresh": pair.refresh}), 401, "bad_token")


def test_a_block_by_another_process_revokes_within_five_seconds(customer: User, pair: refresh_tokens.TokenPair):
    assert not revocations.is_revoked(user_id=customer.id, known=0)
    User.objects.filter(pk=customer.id).update(is_active=False, tokens_revoked_at=now())

    revocations._read_at -= TRUSTED_SECONDS

    assert FRESH_SECONDS < TRUSTED_SECONDS <= 5
    assert revocations.is_revoked(user_id=customer.id, known=0)


def test_unblocking_does_not_revive_tokens_from_before_the_block(
    anonymous, customer: User, pair: refresh_tokens.TokenPair
):
    blocking.block(user_id=customer.id, now=now())
    blocking.unblock(user_id=customer.id, now=now())

    assert is_problem(me(anonymous, pair.token), 401, "unauthorized")


def test_a_revocation_ends_tokens_issued_in_the_same_millisecond(anonymous, customer: User):
    moment = now()
    pair = refresh_tokens.issue_tokens(user=customer, now=moment)

    refresh_tokens.end_sign_ins(user_id=customer.id, now=moment)

    assert is_problem(me(anonymous, pair.token), 401, "unauthorized")
    assert is_problem(anonymous.post(REFRESH, {"refresh": pair.refresh}), 401, "bad_token")


def test_tokens_issued_right_after_a_revocation_stay_valid(anonymous, customer: User):
    moment = now()
    refresh_tokens.end_sign_ins(user_id=customer.id, now=moment)

    pair = refresh_tokens.issue_tokens(user=User.objects.get(pk=customer.id), now=moment)

    assert me(anonymous, pair.token).status_code == 200
    assert anonymous.post(REFRESH, {"refresh": pair.refresh}).status_code == 200


def test_a_sign_in_under_way_during_a_revocation_ends(anonymous, customer: User):
    """The credentials are checked before the revocation, and the tokens are issued after it."""
    refresh_tokens.end_sign_ins(user_id=customer.id, now=now())

    pair = refresh_tokens.issue_tokens(user=customer, now=now())

    assert is_problem(me(anonymous, pair.token), 401, "unauthorized")
    assert is_problem(anonymous.post(REFRESH, {"refresh": pair.refresh}), 401, "bad_token")


@pytest.mark.parametrize("lag", [0, 1, 3_600_000])
def test_a_second_revocation_ends_tokens_even_if_its_clock_lags(anonymous, customer: User, lag: int):
    moment = now()
    refresh_tokens.end_sign_ins(user_id=customer.id, now=moment)
    pair = refresh_tokens.issue_tokens(user=User.objects.get(pk=customer.id), now=moment)

    refresh_tokens.end_sign_ins(user_id=customer.id, now=moment - timedelta(milliseconds=lag))

    assert is_problem(me(anonymous, pair.token), 401, "unauthorized")


def test_an_authenticated_request_does_not_query_users(anonymous, customer: User, pair: refresh_tokens.TokenPair):
    me(anonymous, pair.token)

    with database_commands() as sent:
        anonymous.get("/api/bookings", HTTP_AUTHORIZATION=f"Bearer {pair.token}")

    assert [command for command in sent if "accounts_user" in command] == []


def test_a_ttl_index_deletes_expired_refresh_tokens():
    index = connection.database["accounts_refreshtoken"].index_information()["refresh_ttl"]

    assert (index["key"], index["expireAfterSeconds"]) == ([("expires_at", 1)], 0)


def test_a_cached_access_token_is_refused_once_it_expires(anonymous, customer: User, monkeypatch: pytest.MonkeyPatch):
    token = access_tokens.issue_access_token(customer.as_actor())
    assert me(anonymous, token).status_code == 200

    monkeypatch.setattr("accounts.access_tokens.time.time", lambda: now().timestamp() + 15 * 60)

    assert is_problem(me(anonymous, token), 401, "unauthorized")
