"""The desk as one ASGI application: who may ask is settled in `guard` and `access`, what is answered in `routes`."""

from __future__ import annotations

from fastapi import FastAPI

from desk import problems
from desk.desk import Desk
from desk.guard import Guard
from desk.routes import account, curation, incident, pages, queue, sources
from desk.static_files import static_file


def create_app(desk: Desk) -> FastAPI:
    """The application over an open database (`Desk.of(database, settings)`); whoever opened it closes it."""
    # The pages of FastAPI's own documentation load their script from elsewhere: the description alone is served.
    app = FastAPI(title="Sageon", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    problems.install(app)
    app.add_api_route("/static/{name}", static_file, methods=["GET", "HEAD"], include_in_schema=False)
    for router in (account.router, pages.router, incident.router, curation.router, queue.router, sources.router):
        app.include_router(router, include_in_schema=False)
    app.add_middleware(Guard, desk=desk)
    return app
