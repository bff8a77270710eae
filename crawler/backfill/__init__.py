"""Stored crawls (WARC files, CC-NEWS) through the same pipeline as live pages."""
