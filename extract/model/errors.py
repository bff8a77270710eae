"""The one error of this package."""

from __future__ import annotations


class ModelError(RuntimeError):
    """A model could not be loaded; the message says which, why, and what would help. Reading goes on without it."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"model {name}: {reason}")
        self.name = name
        self.reason = reason
