"""The desk as one ASGI application: who may ask is settled in `guard` and `access`, what is answered in `routes`."""

from __future__ import annotations

import importlib.metadata
from typing import Any

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from desk import api, problems
from desk.api.problem import PROBLEMS, ProblemBody
from desk.desk import Desk
from desk.guard import Guard
from desk.routes import account, curation, files, health, incident, pages, queue, sources
from desk.static_files import static_file

DESCRIPTION = """Incidents told by the Korean and English press, with the sentence that says so.

Without a login (on loopback) no key is needed; else send a token as `Authorization: Bearer ...`, or as the password of
HTTP Basic. Every list is read on by `next`; every GET carries an ETag."""
SECURITY = {
    "token": {"type": "http", "scheme": "bearer"},
    "password": {"type": "http", "scheme": "basic", "description": "Any name; the token as the password."},
}


def create_app(desk: Desk) -> FastAPI:
    """The application over an open database (`Desk.of(database, settings)`); whoever opened it closes it."""
    # The pages of FastAPI's own documentation load their script from elsewhere: the description alone is served.
    app = FastAPI(
        title="Sageon", description=DESCRIPTION, version=importlib.metadata.version("sageon"),
        openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None,
    )  # fmt: skip
    app.state.desk = desk
    problems.install(app)
    app.add_api_route("/static/{name}", static_file, methods=["GET", "HEAD"], include_in_schema=False)
    app.include_router(api.router)
    for router in (files.router, health.router):
        app.include_router(router, responses=PROBLEMS)
    app.include_router(health.open_router, include_in_schema=False)
    for router in (account.router, pages.router, incident.router, curation.router, queue.router, sources.router):
        app.include_router(router, include_in_schema=False)
    describe = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            parts = describe().setdefault("components", {})
            parts.setdefault("schemas", {})["Problem"] = ProblemBody.model_json_schema()
            parts["securitySchemes"] = SECURITY
            describe()["security"] = [{name: []} for name in SECURITY] + [{}]
        return describe()

    app.openapi = described  # type: ignore[method-assign]
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Guard, desk=desk)
    return app
