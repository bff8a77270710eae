"""Fits the scorers of `extract.scorers` on annotated articles and cross-validates the whole reader."""
