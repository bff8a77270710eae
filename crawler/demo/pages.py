"""Article pages of the sample press: each outlet's own markup round the story, with what a cleaner must take off."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from html import escape
from string import Template
from zoneinfo import ZoneInfo

from crawler.demo.articles import HERE, Outlet, PressArticle

TEMPLATES = HERE / "templates"

#: Headlines of the boxes beside a story; invented, and no incident among them.
RANKING = {
    "ko": (
        "지하철 2호선 새 열차 40량 도입",
        "올봄 나들이 명소 열 곳",
        "쌀 소비량 7년 만에 반등",
        "고교 야구 새 얼굴들",
    ),
    "en": (
        "Ferry timetable changes in April",
        "Ten cafes for a rainy day",
        "Rice exports rise again",
        "New faces in the league",
    ),
}


def article_page(outlet: Outlet, article: PressArticle) -> bytes:
    """The page as the outlet sends it, in the outlet's charset. Raises UnicodeEncodeError for a character it lacks."""
    name = outlet.template if article.kind != "script" else outlet.template.replace(".html", "_script.html")
    page = template(name).substitute(fields(outlet, article))
    return page.encode(outlet.charset)


@cache
def template(name: str) -> Template:
    """The template file of that name."""
    return Template((TEMPLATES / name).read_text(encoding="utf-8"))


def fields(outlet: Outlet, article: PressArticle) -> dict[str, str]:
    """What the templates may name, as HTML."""
    shown, sent = shown_time(outlet, article)
    before, after = boxes(article)
    return {
        "title": escape(article.title),
        "url": escape(outlet.base + article.path),
        "section": escape(article.section),
        "byline": escape(signed(outlet, article)),
        "published": article.published.isoformat(),
        "shown": shown,
        "sent": sent,
        "json_ld": script_safe(json_ld(outlet, article)),
        "payload": script_safe(payload(outlet, article)),
        "figure": figure(article),
        "body": "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in printed(article)),
        "address": f"{outlet.id}{article.number}@{outlet.id}.example",
        "wall": '<div class="paywall">Subscribe to continue reading.</div>' if article.kind == "paywalled" else "",
        "before": before,
        "after": after,
        "ranking": items(RANKING[outlet.language]),
        "related": items(article.related or RANKING[outlet.language][:2]),
    }


def printed(article: PressArticle) -> tuple[str, ...]:
    """The paragraphs on the page: the lead before the first, and behind a paywall only the first two."""
    first, *rest = article.paragraphs
    paragraphs = (f"{article.lead} {first}".strip(), *rest)
    return paragraphs[:2] if article.kind == "paywalled" else paragraphs


def signed(outlet: Outlet, article: PressArticle) -> str:
    """The byline as the outlet writes it."""
    if not article.byline:
        return outlet.name
    return f"{article.byline} 기자" if outlet.id == "dumul" else article.byline


def shown_time(outlet: Outlet, article: PressArticle) -> tuple[str, str]:
    """The visible time beside the title, and the wire's time of sending behind the story."""
    zone = ZoneInfo(outlet.zone)
    at = article.published.astimezone(zone)
    changed = article.modified.astimezone(zone) if article.modified else None
    if outlet.id == "dumul":
        return f"{at:%Y.%m.%d %H:%M}", ""
    if outlet.id == "hanbit":
        shown = f"{at:%Y-%m-%d %H:%M}" + (f" 최종수정 {changed:%Y-%m-%d %H:%M}" if changed else "")
        return shown, f"{changed or at:%Y/%m/%d %H:%M}"
    return f"{at:%B} {at.day}, {at:%Y %H:%M}", ""


def json_ld(outlet: Outlet, article: PressArticle) -> dict[str, object]:
    """schema.org's NewsArticle for the page."""
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": article.published.isoformat(),
        "dateModified": (article.modified or article.published).isoformat(),
        "author": [{"@type": "Person", "name": article.byline or outlet.name}],
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
        "articleSection": article.section,
        "mainEntityOfPage": outlet.base + article.path,
    }
    if article.kind == "paywalled":
        data["isAccessibleForFree"] = False
    return data


def payload(outlet: Outlet, article: PressArticle) -> dict[str, object]:
    """The story as a page's script holds it: Arc's globalContent for the wire, Next.js props for the daily."""
    if article.kind != "script":
        return {}
    if outlet.id == "hanbit":
        elements = [{"type": "text", "content": escape(paragraph)} for paragraph in printed(article)]
        return {"type": "story", "headlines": {"basic": article.title}, "content_elements": elements}
    story = {
        "headline": article.title,
        "author": article.byline,
        "publishedAt": article.published.isoformat(),
        "body": "".join(f"<p>{escape(paragraph)}</p>" for paragraph in printed(article)),
    }
    return {"props": {"pageProps": {"story": story, "trending": list(RANKING["en"])}}, "page": "/story/[id]/[slug]"}


def boxes(article: PressArticle) -> tuple[str, str]:
    """The machine-written boxes before and behind the story, empty where there are none."""
    told = article.boxes
    if not told:
        return "", ""
    before = (
        f"<h2>Synopsis</h2><p>{escape(told['synopsis'])}</p><h3>Key Takeaways</h3><ul>{items(told['takeaways'])}</ul>"
    )
    answers = "".join(f"<h4>{escape(question)}</h4><p>{escape(answer)}</p>" for question, answer in told["faq"])
    after = f"<h2>Point of View</h2><p>{escape(told['view'])}</p><h3>Frequently Asked Questions</h3>{answers}"
    return before, after


def figure(article: PressArticle) -> str:
    """A photograph with its caption, if the article has one."""
    if not article.caption:
        return ""
    caption = f"<figcaption>{escape(article.caption)}</figcaption>"
    return f'<figure><img src="/photo/{article.number}.jpg" alt="">{caption}</figure>'


def items(lines: Iterable[str]) -> str:
    """List items that are links to nothing of the press."""
    return "".join(f'<li><a href="#">{escape(line)}</a></li>' for line in lines)


def script_safe(data: object) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
