"""Rules, outbox, delivery, feeds.

Contract: an alert rule is a stored `storage.query.Filter` plus a trigger (new, grew worse, first of a
nationality in a country). A match becomes an outbox row in the same transaction as the change of the
incident that caused it; delivery reads the outbox and never the incident table. This room may import
`storage` only.
"""
