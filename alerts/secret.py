"""Secrets: read from the environment or a file when they are needed, shown nowhere."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from alerts.errors import MissingSecret

SCHEMES = ("env:", "file:")


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret stands: `env:NAME` or `file:PATH`. Neither repr nor str tell what it is."""

    reference: str

    def reveal(self, env: Mapping[str, str] = os.environ) -> str:
        """The secret itself, without white space at its ends. Raises MissingSecret."""
        kind, _, name = self.reference.partition(":")
        if kind == "env":
            value = env.get(name, "").strip()
            if not value:
                raise MissingSecret(f"the environment variable {name} is not set")
            return value
        try:
            value = Path(name).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise MissingSecret(f"the file {name} cannot be read: {type(error).__name__}") from error
        if not value:
            raise MissingSecret(f"the file {name} is empty")
        return value

    def __str__(self) -> str:
        return f"<{self.reference}>"


def is_reference(text: str) -> bool:
    """Whether the text says where a secret stands, rather than being one."""
    return text.startswith(SCHEMES) and len(text.partition(":")[2].strip()) > 0


def redact(text: str, *secrets: str) -> str:
    """The text without the secrets, and without what stands in a URL before its host or after its path."""
    for secret in sorted((one for one in secrets if one), key=len, reverse=True):
        text = text.replace(secret, "<secret>")
    return text
