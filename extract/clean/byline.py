"""Who signed the story: names only."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from .agencies import agency_named
from .rules import CleanRules
from .select import select
from .structured import Declared, plain

_ROLE = (
    r"(?:선임|수습|인턴|객원|전문|사진|영상|여행|종교|문화|산업|의학|팩트체크)*\s?(?:기자|특파원|통신원|논설위원|편집위원|에디터|PD|"
    r"피디|앵커|리포터|아나운서|칼럼니스트|작가|교수)"
)
_KO_PEOPLE = re.compile(
    rf"(?<![가-힣])(?P<names>[가-힣]{{2,4}}(?:(?:\s*[·,ㆍ/]\s*|\s+)[가-힣]{{2,4}})*)\s?\(?{_ROLE}(?![가-힣])"
)
_IS_ROLE = re.compile(rf"{_ROLE}$|본지|특약|공동취재단?$|(?:선임|수습|인턴|객원|전문|사진|영상)$")
_EMAIL = re.compile(r"[(<\[]?\s*[\w.+-]+@[\w-]+(?:\.[\w-]+)+\s*[)>\]]?")
_ADDRESS = re.compile(r"(?:https?://|www\.|facebook\.com|twitter\.com|x\.com/)\S*", re.IGNORECASE)
_BY = re.compile(r"^(?:by|written by|reported by|from|글|취재|작성|기자)\s*[:：]?\s+", re.IGNORECASE)
_ENGLISH_ROLE = re.compile(
    r",?\s+(?:staff (?:writer|reporter|correspondent)|senior \w+|correspondent|reporter|editor|contributor|"
    r"contributing writer)\b.*$",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:,|;|\||·|ㆍ|/|\band\b|&|\bwith\b)\s*", re.IGNORECASE)
_NOT_A_NAME = re.compile(
    r"^(?:admin|administrator|editor|editors|staff|newsroom|web ?desk|news ?desk|online|"
    r"null|none|undefined|unknown|redaction|"
    r".*(?:뉴스|NEWS\d*|일보|신문|방송|연예|스포츠|뉴스부|국제부|사회부|정치부|경제부|"
    r"문화부|뉴스센터|TV|News Agency|Newsdesk|"
    r"뉴스팀|편집국|편집부|온라인팀|디지털팀|취재팀|뉴스룸|미디어부|보도국|관리자|운영자))$",
    re.IGNORECASE,
)
_META = (
    "dable:author",
    "article:author",
    "parsely-author",
    "byl",
    "author",
    "dc.creator",
    "dcterms.creator",
    "sailthru.author",
    "twitter:creator",
)
_MAX_NAME = 60


def names_with_roles(text: str) -> tuple[str, ...]:
    """The Korean names before 기자, 특파원 and the like ("홍길동 특파원 김영희 기자" holds two)."""
    names: list[str] = []
    for match in _KO_PEOPLE.finditer(text):
        for name in re.findall(r"[가-힣]{2,4}", match.group("names")):
            wanted = not (_IS_ROLE.match(name) or _NOT_A_NAME.match(name) or agency_named(name))
            if wanted and name not in names:
                names.append(name)
    return tuple(names)


def find_byline(
    tree: HtmlElement, declared: Declared, rules: CleanRules, lead: Iterable[str] = ()
) -> tuple[str | None, str | None]:
    """(names joined by ", " or None, agency id credited in the author's place or None).

    The source's selector, JSON-LD author, author meta, then the names of the story's own lead; addresses, roles,
    outlets and desks are no names.
    """
    sources: list[list[str]] = [
        [element.text_content() for element in select(tree, rules.byline_selectors)],
        _json_authors(declared.article.get("author")),
        *([*declared.meta.get(name, ())] for name in _META),
    ]
    site = {
        name.casefold()
        for name in (
            *rules.outlet_names,
            declared.first("og:site_name") or "",
            plain(declared.article.get("publisher")) or "",
        )
        if name
    }
    agency: str | None = None
    for texts in sources:
        names: list[str] = []
        for text in texts:
            agency = agency or agency_named(text)
            names.extend(name for name in clean_names(text) if name.casefold() not in site and name not in names)
        if names:
            return ", ".join(names[:8]), agency
    names = list(lead)
    return (", ".join(names) or None), agency


def clean_names(text: str) -> list[str]:
    """The persons' names in one author field: no address, role, outlet, agency or desk."""
    text = _ADDRESS.sub(" ", _EMAIL.sub(" ", " ".join(text.split())))
    if korean := names_with_roles(text):
        return list(korean)
    text = _ENGLISH_ROLE.sub("", _BY.sub("", text.strip(" =|,·-")))
    names = []
    for part in _SPLIT.split(text):
        name = part.strip(" .=|:()[]@\"'")
        if (
            1 < len(name) <= _MAX_NAME
            and not _NOT_A_NAME.match(name)
            and agency_named(name) is None
            and not re.search(r"\d{3}|^@", name)
        ):
            names.append(name)
    return names


def _json_authors(value: object) -> list[str]:
    items = value if isinstance(value, list) else [value]
    found = []
    for item in items:
        if isinstance(item, dict) and isinstance(item.get("name"), list):
            found += [text for name in item["name"] if (text := plain(name))]
        elif text := plain(item):
            found.append(text)
    return found
