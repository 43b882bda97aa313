"""Codes and secrets of workshops: a code to type, secrets for links and cookies, and the digest that is stored.

A plain SHA-256 is enough, without salt or a slow hash: a secret is 128 random bits, which nobody can try out, and not a
password that somebody chose.
"""

import hashlib
import secrets
from typing import Final

#: Letters and digits that are not mistaken for one another; a code has seven.
CODE_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXY"
_CODE_LENGTH: Final = 7


def hash_secret(secret: str) -> str:
    """The digest of a secret, which is all that is stored of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """A new secret of 128 bits that can stand in an address."""
    return secrets.token_urlsafe(16)


def new_code() -> str:
    """A new code for people to type; it is not secret."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(_CODE_LENGTH))


def normalize_code(typed: str) -> str:
    """A typed code in capitals, without blanks and hyphens."""
    return "".join(letter for letter in typed.upper() if letter not in " -–")
