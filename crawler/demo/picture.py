"""`python -m crawler.demo.picture docs/demo.svg`: the demo's table as it stands on a terminal, as a picture."""

from __future__ import annotations

import io
import re
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from crawler.demo.articles import FIRST_LOOK, SECOND_LOOK
from crawler.demo.run import declared, demo_config, look
from crawler.demo.screen import incident_table
from crawler.demo.server import Press, serve
from storage.database import Database

COLUMNS = 120
#: The latest events only: the whole table is taller than a page.
ROWS = 24


def draw(file: Path) -> None:
    """Run the demo in a folder that goes away again and write its incident table to an SVG file."""
    with tempfile.TemporaryDirectory(prefix="sageon-demo-") as folder:
        config = demo_config(f"sqlite:///{folder}/demo.db")
        base = Database.open(config.database_url)
        base.upgrade()
        press = Press()
        with serve(press), declared(press) as sources:
            for hour in (FIRST_LOOK, SECOND_LOOK):
                look(press, hour, sources, base, config, Console(stderr=True))
        screen = Console(record=True, width=COLUMNS, file=io.StringIO())
        with base.read() as session:
            screen.print(incident_table(session, ROWS))
        base.close()
    drawing = screen.export_svg(title="sageon demo")
    # the picture's fonts would be fetched from a public host by whoever looks at it
    file.write_text(re.sub(r"@font-face \{.*?\}\s*", "", drawing, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
