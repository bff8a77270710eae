"""Pages to articles: `clean_page` for fetched pages, `prune_text` for plain text, `CleanRules` for an outlet's own,
`storable` for text out of JSON, `is_charset` for what a server names."""

from .decoding import is_charset, storable
from .headings import prune_text
from .page import CleanedPage, Outcome, clean_page
from .rules import CleanRules, CleanRulesError

__all__ = [
    "CleanRules",
    "CleanRulesError",
    "CleanedPage",
    "Outcome",
    "clean_page",
    "is_charset",
    "prune_text",
    "storable",
]
