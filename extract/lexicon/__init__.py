"""Dated, commented word lists of both languages and the loaders that check them (see docs/lexicon.md)."""
