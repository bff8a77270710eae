"""The analysts' web pages and JSON API over the incident table.

Contract: every view is a `storage.query.Filter` in a query string; the desk reads and edits incidents
through `storage` alone and never touches SQL. This room may import `storage` and `alerts` only.
"""
