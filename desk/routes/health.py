"""What machines ask the desk: does it live, is it ready, how does the installation fare, what did a rule tell."""

from __future__ import annotations

import logging
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from fastapi.responses import PlainTextResponse, Response

from alerts.feeds import FORMS, LENGTH, feed
from alerts.metrics import CONTENT_TYPE, exposition
from desk.api.caller import Conditional, Reader, TheDesk
from desk.desk import desk_of
from storage.alert_rules import rule_named
from storage.alerts import told_by_rule
from storage.migrations import HEAD
from storage.vitals import vitals

log = logging.getLogger(__name__)
#: For supervisors: they hold no token, and learn nothing but yes or no.
open_router = APIRouter()
router = APIRouter(route_class=Conditional, tags=["operation"])
TOLD: dict[str, Any] = {media.partition(";")[0]: {} for media in FORMS.values()}
RuleName = Annotated[str, Path(max_length=200, pattern=r"^[^\x00-\x1f]+$")]


@open_router.get("/healthz")
def healthz() -> PlainTextResponse:
    """The desk lives."""
    return PlainTextResponse("ok\n")


@open_router.get("/readyz")
def readyz(request: Request) -> PlainTextResponse:
    """The desk can answer at once: the database is there, has this version's tables, and its counts are in memory.

    After a start over a large table the counts are read for some seconds; pages answer meanwhile, slowly.
    """
    desk = desk_of(request)
    try:
        revision = desk.db.revision()
    except Exception as error:  # noqa: BLE001 - a database that is away is an answer, not a failure of the desk
        log.warning("not ready: %s", type(error).__name__)
        return PlainTextResponse(f"the database does not answer: {type(error).__name__}\n", 503)
    if revision != HEAD:
        return PlainTextResponse(f"the database is at {revision}, not {HEAD}\n", 503)
    with desk.db.read() as session:
        if not desk.tally.ready(session):
            return PlainTextResponse("the counts are being read\n", 503)
    return PlainTextResponse("ready\n")


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(desk: TheDesk, viewer: Reader) -> Response:
    """The installation's figures for Prometheus (text exposition 0.0.4)."""
    with desk.db.read() as session:
        return Response(exposition(vitals(session, desk.settings.now())), media_type=CONTENT_TYPE)


@router.get("/alerts/{rule}.{form}", response_class=Response, responses={200: {"content": TOLD}})
def alert_feed(
    request: Request, desk: TheDesk, viewer: Reader, rule: RuleName, form: Literal["atom", "json"]
) -> Response:
    """What an alert rule told last, as an Atom or JSON feed."""
    base = str(request.base_url).rstrip("/")
    with desk.db.read() as session:
        stored = rule_named(session, rule)
        matches = told_by_rule(session, rule, LENGTH)
    language = str(stored.body.get("language", "en"))
    told = feed(form, rule, matches, language, lambda incident: f"{base}/incidents/{incident}", desk.settings.now())
    return Response(told, media_type=FORMS[form])
