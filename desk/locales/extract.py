"""The texts of the desk, from its templates and its code: `python -m desk.locales.extract` renews the Korean catalogue.

What is new stands in desk.po without a translation; a test says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

DESK = Path(__file__).parents[1]
KOREAN = DESK / "locales" / "ko" / "LC_MESSAGES" / "desk.po"
#: say("...") in code, _("...") in labels and templates, plural("one", "many", n).
KEYWORDS = {"_": None, "say": None, "plural": (1, 2)}


def texts() -> Iterator[tuple[str | tuple[str, ...], str]]:
    """Every text with the file that says it; a plural is a pair."""
    ways = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
    options = {"**/templates/**.html": {"trimmed": "true"}}
    for name, _, text, _, _ in extract_from_dir(DESK, ways, options, KEYWORDS):
        yield text, Path(name).as_posix()


def template() -> Catalog:
    """The texts as a catalogue without translations. The places are files: line numbers would change with every edit."""
    found = Catalog(project="Sageon", charset="utf-8")
    for text, file in texts():
        found.add(text, locations=[(file, 0)])
    return found


def main() -> None:
    """Renew the Korean catalogue; what is no longer said goes."""
    with KOREAN.open("rb") as stream:
        catalogue = read_po(stream, locale="ko", abort_invalid=True)
    catalogue.update(template(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with KOREAN.open("wb") as stream:
        write_po(stream, catalogue, width=110, include_lineno=False, sort_output=True)


if __name__ == "__main__":
    main()
