"""Listings: feeds, sitemaps and section pages read into entries. Bytes in, entries out; nothing is fetched here."""
