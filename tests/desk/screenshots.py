"""The pictures of docs/desk.md, of the demo's invented press: `python -m tests.desk.screenshots var/demo.db docs/desk`."""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.database import Database
from tests.desk.browsing import chromium, serving

DESKTOP, PHONE = {"width": 1280, "height": 820}, {"width": 390, "height": 780}


@dataclass(frozen=True)
class Shot:
    """One picture: its file, the address ({incident}: the one told most) and how the browser is set."""

    name: str
    address: str
    browser: dict[str, Any]


SHOTS = (
    Shot("table", "/", {"locale": "en-US"}),
    Shot("map_ko", "/map", {"locale": "ko-KR"}),
    Shot("incident", "/incidents/{incident}", {"locale": "en-US"}),
    Shot("review_dark", "/queue", {"locale": "en-US", "color_scheme": "dark"}),
    Shot("sources", "/sources", {"locale": "en-US"}),
    Shot("phone_ko", "/?nationality=KR", {"locale": "ko-KR", "viewport": PHONE}),
)


def main() -> None:
    """Take every picture over a copy of the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", type=Path, help="the demo's database")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "desk.db"
        with sqlite3.connect(asked.table) as held, sqlite3.connect(file) as copy:
            held.backup(copy)
            row = copy.execute("SELECT id FROM incident ORDER BY report_count DESC, id LIMIT 1").fetchone()
        database = Database.open(f"sqlite:///{file}")
        with serving(database) as site, chromium() as browser:
            for shot in SHOTS:
                options = {"viewport": DESKTOP, "timezone_id": "Asia/Seoul", **shot.browser}
                visit = browser.new_context(base_url=site.url, **options)
                visit.set_default_timeout(120_000)
                page = visit.new_page()
                page.goto(shot.address.format(incident=row[0]), wait_until="networkidle")
                page.screenshot(path=asked.folder / f"{shot.name}.png")
                visit.close()
        database.close()


if __name__ == "__main__":
    main()
