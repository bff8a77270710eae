"""The API held to its own description: calls made up from it, right and wrong ones, and none may break the desk."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from desk.app import create_app
from desk.desk import Desk

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
#: Calls made up for each address. A longer search: EXAMPLES=200 by hand.
EXAMPLES = 8
FEW = settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


def test_no_call_that_the_description_allows_breaks_the_desk(desk: Desk) -> None:
    patient = Desk.of(desk.db, replace(desk.settings, api_per_minute=10**6, hosts=frozenset()))
    described = schemathesis.openapi.from_asgi("/api/v1/openapi.json", create_app(patient))
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) > 25

    for operation in operations:

        @FEW
        @given(case=operation.as_strategy())
        def holds(case: Any) -> None:
            case.call_and_validate(checks=CHECKS)

        holds()
