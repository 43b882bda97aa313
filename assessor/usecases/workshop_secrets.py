"""Codes and secrets of workshops: a code to type, secrets for links and cookies, and the digest that is stored.

A plain SHA-256 is enough for secrets, without salt or a slow hash: 128 random bits, which nobody can try out. A return
code, which people type, has fewer, and so a slow hash with its workshop as salt.
"""

import hashlib
import secrets
from typing import Final

#: Letters and digits that are not mistaken for one another; a code has seven.
CODE_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXY"
_CODE_LENGTH: Final = 7


#: Letters of the words of a return code, each of which sounds alike in all the product's languages.
_CONSONANTS: Final = "bdfghklmnprstv"
_VOWELS: Final = "aeiou"


def hash_secret(secret: str) -> str:
    """The digest of a secret, which is all that is stored of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """A new secret of 128 bits that can stand in an address."""
    return secrets.token_urlsafe(16)


def new_code() -> str:
    """A new code for people to type; it is not secret."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(_CODE_LENGTH))


def new_return_code() -> str:
    """Three words that can be said, noted and typed in any language: 37 bits, and worth something in one room only."""
    return "-".join(_word() for _ in range(3))


def _word() -> str:
    return "".join(secrets.choice(letters) for letters in (_CONSONANTS, _VOWELS) * 2)


def normalize_return_code(typed: str) -> str:
    """A typed code in small letters, with one hyphen between its words whatever stood there."""
    return "-".join("".join(letter if letter.isalpha() else " " for letter in typed.lower()[:60]).split())


def hash_return_code(workshop: str, code: str) -> str:
    """The digest of a return code in a workshop: slow, as whoever has a copy of the store could try out all codes."""
    return hashlib.scrypt(code.encode(), salt=f"returning {workshop}".encode(), n=1024, r=8, p=1).hex()


def hash_board_code(code: str) -> str:
    """The digest of a code that opens a board: slow likewise."""
    return hashlib.scrypt(code.encode(), salt=b"board", n=1024, r=8, p=1).hex()


def normalize_code(typed: str) -> str:
    """A typed code in capitals, without blanks and hyphens."""
    return "".join(letter for letter in typed.upper() if letter not in " -–")
