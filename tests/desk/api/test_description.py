"""The API held to its own description: calls made up from it, right and wrong ones, and none may break the desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from desk.app import create_app
from desk.desk import Desk

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
#: Calls made up for each address: more are a matter of time, see docs/api.md.
EXAMPLES = 12


@pytest.fixture
def described(desk: Desk) -> Iterator[Any]:
    """The description of a desk that refuses nobody for asking often."""
    app: FastAPI = create_app(Desk.of(desk.db, replace(desk.settings, api_per_minute=10**6, hosts=frozenset())))
    yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
def test_no_call_that_the_description_allows_or_forbids_breaks_the_desk(case: Any) -> None:
    case.call_and_validate(checks=CHECKS)
