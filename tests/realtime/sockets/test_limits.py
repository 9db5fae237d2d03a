"""How connects, sign-ins and messages are counted."""

from realtime.sockets import limits


def test_the_address_is_the_one_that_our_own_proxies_saw(settings):
    scope: limits.Scope = {"client": ("10.0.0.9", 1), "headers": [(b"x-forwarded-for", b"6.6.6.6, 203.0.113.7")]}

    assert limits.address_of(scope) == "10.0.0.9"
    settings.NUM_PROXIES = 1
    assert limits.address_of(scope) == "203.0.113.7"


def test_one_message_more_than_allowed_is_refused(settings):
    settings.RATE_LIMITS = True
    rate = limits.MessageRate()

    messages = [rate.allow() for _ in range(limits.MESSAGES_PER_WINDOW + 1)]

    assert (messages.count(False), messages[-1]) == (1, False)


def test_too_many_connects_of_an_address_are_refused(settings):
    settings.RATE_LIMITS = True

    connects = [limits.allow_connect(address="203.0.113.9") for _ in range(limits.CONNECTS_PER_ADDRESS + 1)]

    assert connects[-1] is False


def test_too_many_open_connections_refuse_a_sign_in(settings):
    settings.RATE_LIMITS = True

    assert not limits.allow_sign_in(user_id="USR-1", open_connections=limits.OPEN_PER_USER)
