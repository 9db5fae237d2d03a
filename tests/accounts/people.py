"""Somebody new."""

from tests.factories import PASSWORD

REGISTRATION = {"name": "Nora New", "email": "nora@example.com", "password": PASSWORD, "role": "CUSTOMER"}
