"""Requests made from the OpenAPI document. Who needs them imports this late: Schemathesis takes two seconds to load."""

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
    openapi.content_type_conformance,  # of a 4xx: a problem document
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
    """Yield every call that the document describes."""
    document: Any = schemathesis.openapi.from_wsgi("/api/schema", application)
    return (found.ok() for found in document.get_all_operations())


def requests_for(operation: Any) -> st.SearchStrategy[Any]:
    """Requests as described, and requests with something wrong where there is something that can be."""
    right = operation.as_strategy(GenerationMode.POSITIVE)
    can_be_wrong = operation.body or operation.query or operation.headers
    return st.one_of(right, operation.as_strategy(GenerationMode.NEGATIVE)) if can_be_wrong else right


def check_answers(operation: Any, *, headers: Mapping[str, str], make_real: Callable[[Any], None]) -> None:
    """Make requests, half of them for what there is, and hold the answers against the document."""

    @EFFORT
    @given(case=requests_for(operation), real=...)
    def answers_as_documented(case: Any, real: bool) -> None:
        if real:
            make_real(case)
        case.headers = {name: value for name, value in (case.headers or {}).items() if name != "Authorization"}
        case.call_and_validate(headers=headers, checks=CHECKS)

    answers_as_documented()
