"""Pages from templates. All that comes from outside is escaped and freed of direction marks; nothing of it is markup."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from desk.access import VISIT_COOKIE, LoginNeeded, Viewer, form_token, viewer_of, visit_of
from desk.desk import desk_of
from desk.labels import TABLES
from desk.links import joined, replaced, without
from desk.phrases import Phrases, family, field_name, nationalities
from desk.quoted import plain
from desk.tongue import LANGUAGES, Tongue, negotiate, tongue

HERE = Path(__file__).parent
LANGUAGE_COOKIE = "sageon_lang"
YEAR = 365 * 24 * 3600
#: Keys of an address that tell what an act came to: no part of the view.
PASSING = ("done", "last")


def said_in(request: Request) -> Tongue:
    """The language of the answer: `lang` of the address, else the cookie, else Accept-Language."""
    chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    code = negotiate(chosen, request.headers.get("accept-language"))
    return tongue(code, desk_of(request).settings.korean_place)


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The template filled in, in the reader's language, with what every page needs."""
    said = said_in(request)
    settings = desk_of(request).settings
    phrases = Phrases(said, settings)
    viewer: Viewer | None = getattr(request.state, "viewer", None)
    if viewer is None:
        try:
            viewer = viewer_of(request)
        except LoginNeeded:
            viewer = None
    html = (
        environment()
        .get_template(template)
        .render(
            _=said,
            say=said,
            plural=said.plural,
            outlet=phrases.outlet,
            age=phrases.age,
            fact_words=phrases.fact,
            cell_words=phrases.cell,
            chip_words=phrases.chip,
            viewer=viewer,
            form_token=form_token(request),
            path=request.url.path,
            here=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            here_plain=joined(request.url.path, without(request.url.query, *PASSING)),
            other_language=_other_language(request, said),
            settings=settings,
            done=said.label("done", done) if (done := request.query_params.get("done")) in TABLES["done"] else "",
            **values,
        )
    )
    response = HTMLResponse(plain(html), status)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Language"] = said.code
    secure = settings.https
    if VISIT_COOKIE not in request.cookies:
        response.set_cookie(VISIT_COOKIE, visit_of(request), httponly=True, samesite="lax", secure=secure)
    if request.query_params.get("lang") == said.code:
        response.set_cookie(LANGUAGE_COOKIE, said.code, max_age=YEAR, httponly=True, samesite="lax", secure=secure)
    return response


def _other_language(request: Request, said: Tongue) -> str:
    """This page in the other language."""
    other = next(code for code in LANGUAGES if code != said.code)
    query = without(request.url.query, "lang", *PASSING)
    return joined(request.url.path if request.method == "GET" else "/", query, lang=other)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates, with escaping on everywhere and a missing value an error. `plain` is to follow."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalise,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(asset=asset, joined=joined, replaced=replaced, family=family, nationalities=nationalities)
    made.filters["iso"] = lambda moment: moment.isoformat(timespec="seconds") if moment else ""
    made.filters["type_name"] = lambda kind, say: say.label("type", kind)
    made.filters["field_name"] = field_name
    return made


def read_templates() -> None:
    """Compile every template: else the first visitors do, each of them, while the others wait."""
    made = environment()
    for name in made.list_templates():
        made.get_template(name)


def _finalise(value: Any) -> Any:
    """What is printed: None as nothing. It is asked of every value of a page, some thousand times."""
    return "" if value is None else value


@lru_cache(maxsize=64)
def asset(name: str) -> str:
    """The address of a file of ours; it changes with its content, so that browsers may keep it for ever."""
    digest = hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"
