"""Secrets by which a phone goes on at another address of this machine, where its cookie does not come along.

A room's pages hold one for the participant whose page it is. It opens once, and nothing any more once that cookie was
ended: it names the cookie's digest, sealed by a key that lives as long as the program does and is written nowhere.
"""

import hmac
import secrets
from typing import Final

from assessor.usecases.workshop_secrets import hash_secret

_KEY: Final = secrets.token_bytes(32)


def hand_over_secret(token: str) -> str:
    """The secret for the phone whose cookie has this token."""
    digest = hash_secret(token)
    return f"{digest}.{_seal(digest)}"


def handed_over(secret: str) -> str:
    """The digest of the cookie's token that a secret is for; empty for one that this program did not make."""
    digest, _dot, seal = secret.partition(".")
    return digest if seal and hmac.compare_digest(seal.encode(), _seal(digest).encode()) else ""


def _seal(digest: str) -> str:
    return hmac.digest(_KEY, digest.encode(), "sha256").hex()[:32]
