"""The outlets: where they list articles and how their pages differ. Yields `Page` records."""
