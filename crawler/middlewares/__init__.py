"""Downloader middlewares: what may be asked for, how it is retried, what is taken in."""
