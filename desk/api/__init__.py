"""`/api/v1`: the table, its evidence and an analyst's acts for programs, described at `/api/v1/openapi.json`."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from desk.api import admin, articles, curation, incidents, kept, sources
from desk.api.caller import allowed
from desk.api.problem import PROBLEMS

#: Every answer below this address passes the rate limit and may be a problem (RFC 9457).
router = APIRouter(prefix="/api/v1", dependencies=[Depends(allowed)], responses=PROBLEMS)
for part in (incidents, articles, sources, curation, kept, admin):
    router.include_router(part.router)
