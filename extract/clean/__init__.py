"""Pages to articles: `clean_page` for fetched pages, `prune_text` for plain text, `CleanRules` for an outlet's own,
`storable` for text out of JSON."""

from .decoding import storable
from .headings import prune_text
from .page import CleanedPage, Outcome, clean_page
from .rules import CleanRules, CleanRulesError

__all__ = ["CleanRules", "CleanRulesError", "CleanedPage", "Outcome", "clean_page", "prune_text", "storable"]
