"""Passwords and tokens: argon2id for what people choose, SHA-256 for what we draw at random."""

from __future__ import annotations

import hashlib
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from storage.errors import BadEdit

#: NIST SP 800-63B: length is what counts, not classes of characters.
LEAST = 10
MOST = 200
TOKEN_MARK = "sgn_"
_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """The argon2id hash of a password. Raises BadEdit for one too short or too long."""
    if not LEAST <= len(password) <= MOST:
        raise BadEdit(f"a password has {LEAST} to {MOST} characters, not {len(password)}")
    return _hasher.hash(password)


def verify_password(password: str, password_hash: str | None) -> bool:
    """Whether it is the password of that hash; None takes as long and is False."""
    if len(password) > MOST:
        return False
    try:
        return _hasher.verify(password_hash or _nobody(), password) and password_hash is not None
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """Verified where there is no such account, so that the time of the answer does not tell which names exist."""
    return _hasher.hash(secrets.token_hex(16))


def new_token() -> str:
    """A token for a program: 256 random bits, behind a mark."""
    return TOKEN_MARK + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a token or a session: it is random, so a fast hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
