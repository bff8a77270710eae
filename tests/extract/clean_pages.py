"""Pages written for the tests of cleaning: invented outlets, people and events."""

from __future__ import annotations

import json

STORY_EN = (
    "Police in the harbour town of Velm said on Monday that two Korean engineers had been robbed outside their hotel.",
    "The men, aged 34 and 41, were treated for cuts and released, a spokeswoman for the Saint Orla clinic said.",
    "Officers are looking for three suspects who fled on motorbikes towards the old port, the statement added.",
)
STORY_KO = (
    "가상국 수도 벨름의 한 호텔 앞에서 한국인 기술자 2명이 강도를 당했다고 현지 경찰이 13일 밝혔다.",
    "피해자는 34세와 41세 남성으로, 병원에서 치료를 받고 퇴원한 것으로 전해졌다.",
    "경찰은 오토바이를 타고 달아난 용의자 3명을 쫓고 있다고 설명했다.",
)
PUBLISHED = "2025-10-13T14:05:00+09:00"


def page(
    paragraphs: tuple[str, ...] = STORY_EN,
    *,
    title: str = "Two engineers robbed in Velm",
    head: str = "",
    before: str = "",
    after: str = "",
    json_ld: object | None = None,
    lang: str = "en",
) -> bytes:
    """An article page of an invented outlet."""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": PUBLISHED,
        "dateModified": "2025-10-13T16:20:00+09:00",
        "articleSection": "World",
        "author": {"@type": "Person", "name": "Dana Holm"},
    }
    script = json.dumps(data if json_ld is None else json_ld, ensure_ascii=False)
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} | Velm Courier</title>'
        f'<meta property="og:site_name" content="Velm Courier">'
        f'<script type="application/ld+json">{script}</script>{head}'
        f"</head><body><nav><a href='/'>Home</a> <a href='/world'>World</a></nav><main><article><h1>{title}</h1>"
        f"{before}{body}{after}</article></main><footer>Velm Courier, 1 Quay Street</footer></body></html>"
    ).encode()
