"""Codes and secrets of workshops: a code to type, secrets for links and cookies, and the digest that is stored."""

import hashlib
import secrets
from typing import Final

#: Letters and digits that are not taken for one another; a code is seven of them.
CODE_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXY"
_CODE_LENGTH: Final = 7


def hash_secret(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """128 bits that nobody guesses, fit for an address."""
    return secrets.token_urlsafe(16)


def new_code() -> str:
    """A room code; not a secret."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(_CODE_LENGTH))


def normalize_code(typed: str) -> str:
    """A code as it was meant: without blanks and hyphens, in capitals."""
    return "".join(letter for letter in typed.upper() if letter not in " -–")
