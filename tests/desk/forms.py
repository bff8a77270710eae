"""A browser without a script: it loads a page and sends one of its forms."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fastapi.testclient import TestClient
from httpx import Response


def send(client: TestClient, page: str, action: str, fields: Mapping[str, str | list[str]] | None = None) -> Response:
    """Send the form of `page` that goes to `action`, with the fields filled in."""
    html = client.get(page).text
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', html, re.S)
    assert form is not None, f"{page} has no form that goes to {action}"
    token = re.search(r'name="token" value="([^"]+)"', form[0])
    assert token is not None
    return client.post(action, data={"token": token[1], **(fields or {})})
