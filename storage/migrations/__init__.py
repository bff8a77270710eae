"""The schema's history. `HEAD` is kept by hand (a test compares it with the scripts): a start must not import Alembic."""

#: Every revision in order, the newest last.
REVISIONS = ("0001",)
HEAD = REVISIONS[-1]
