"""The schema's history. `HEAD` is kept by hand, so that a start need not import Alembic; a test compares it."""

#: Every revision in order, the newest last.
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")
HEAD = REVISIONS[-1]
