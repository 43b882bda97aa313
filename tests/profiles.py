"""How many examples hypothesis makes: the profile `suite` unless `HYPOTHESIS_PROFILE` names another."""

import os

from hypothesis import HealthCheck, settings

EXAMPLES = {"quick": 8, "suite": 25, "full": 100, "long": 1_000}


def load_profile() -> None:
    """Register all profiles and load the one asked for."""
    for name, count in EXAMPLES.items():
        settings.register_profile(name, max_examples=count, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def scaled(examples: int) -> int:
    """The number of examples in this profile of a test that makes a number of its own in the ordinary suite."""
    return max(1, examples * settings.default.max_examples // EXAMPLES["suite"])
