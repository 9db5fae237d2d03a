"""Requests made from the OpenAPI document. Import this late: Schemathesis takes two seconds to load."""

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks as openapi

from config.wsgi import application

FEW = 3
EXAMPLES = int(os.environ.get("EXAMPLES", FEW))
CHECKS = [
    not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,  # a 4xx is a problem document
    openapi.response_schema_conformance,
]
EFFORT = settings(
    max_examples=EXAMPLES,
    derandomize=EXAMPLES == FEW,
    database=None,
    deadline=None,
    phases=[Phase.generate] if EXAMPLES == FEW else [Phase.generate, Phase.shrink],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


def operations() -> Iterator[Any]:
    """Yield every operation that the document describes."""
    document: Any = schemathesis.openapi.from_wsgi("/api/schema", application)
    return (found.ok() for found in document.get_all_operations())


def requests_for(operation: Any) -> st.SearchStrategy[Any]:
    """Return valid requests, and invalid ones if the operation has anything that can be invalid."""
    valid = operation.as_strategy(GenerationMode.POSITIVE)
    can_be_invalid = operation.body or operation.query or operation.headers
    return st.one_of(valid, operation.as_strategy(GenerationMode.NEGATIVE)) if can_be_invalid else valid


def check_responses(operation: Any, *, headers: Mapping[str, str], use_existing_ids: Callable[[Any], None]) -> None:
    """Send requests, half of them for existing objects, and check the responses against the document."""

    @EFFORT
    @given(case=requests_for(operation), existing=...)
    def check_one(case: Any, existing: bool) -> None:
        if existing:
            use_existing_ids(case)
        case.headers = {name: value for name, value in (case.headers or {}).items() if name != "Authorization"}
        case.call_and_validate(headers=headers, checks=CHECKS)

    check_one()
