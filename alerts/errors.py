# ruff: noqa: N818 - named for what is wrong, as a caller says it: except BadRule
"""What this room raises. Each says in one line what is wrong and what would be right."""

from __future__ import annotations


class AlertError(Exception):
    """The root of this room's own errors."""


class BadRule(AlertError):
    """A rule or a target that cannot be used. `key` is the key of its table that is wrong."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}")
        self.key = key
        self.message = message


class BadAlertFile(AlertError):
    """A mistake in the file of rules; the message begins with file and line."""


class MissingSecret(AlertError):
    """An environment variable or a file that a target names is absent or empty."""


class DeliveryFailed(AlertError):
    """A target did not take a message. `final`: it never will (a wrong address, a refusal for good)."""

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final
