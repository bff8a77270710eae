"""Searches that the caller keeps under a name."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from desk.api.caller import Conditional, Id, Reader, TheDesk
from desk.links import read_state
from storage.accounts_kept import Saved, drop_search, save_search, saved_searches

router = APIRouter(route_class=Conditional, tags=["saved searches"])


class SearchItem(BaseModel):
    """A filter under a name. `query` is its query string: of the table, every file and every feed."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    query: str
    created: datetime


class NewSearch(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=100)]
    query: Annotated[str, Field(max_length=8000, examples=["nationality=KR&country=KH"])]


@router.get("/searches")
def list_searches(desk: TheDesk, viewer: Reader) -> list[SearchItem]:
    """The caller's searches, by name."""
    with desk.db.read() as session:
        return [_item(saved) for saved in saved_searches(session, viewer.name)]


@router.post("/searches", status_code=201)
def keep_search(desk: TheDesk, viewer: Reader, body: NewSearch) -> SearchItem:
    """Keep a filter; the caller's search of that name is replaced."""
    filter, _ = read_state(body.query.removeprefix("?"))
    with desk.db.write() as session:
        return _item(save_search(session, viewer.name, body.name, filter, desk.settings.now()))


@router.delete("/searches/{search_id}", status_code=204)
def delete_search(desk: TheDesk, viewer: Reader, search_id: Id) -> None:
    """Delete one of the caller's searches."""
    with desk.db.write() as session:
        drop_search(session, viewer.name, search_id)


def _item(saved: Saved) -> SearchItem:
    return SearchItem.model_validate(saved)
