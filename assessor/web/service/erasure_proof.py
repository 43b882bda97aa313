"""The proof of an erasure on a service: what, when, and until which day copies of the host's may still hold it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from assessor.local_time import local_day
from assessor.store import Erasure
from assessor.usecases.erasing import describe_remaining_copies
from assessor.web.http.request_context import RequestContext


def proof_facts(context: RequestContext, erased: Sequence[str], erasure: Erasure) -> dict[str, Any]:
    """Facts of the page, to keep or print; `erased` is named as it was before it went."""
    now, days = datetime.now(UTC), context.config.copies_days
    return {
        "erased": erased,
        "count": erasure.count,
        "at": f"{now:%Y-%m-%d %H:%M} UTC",
        "copies": describe_remaining_copies(erasure, context.messages.gettext),
        "copies_until": local_day(now + timedelta(days=days)) if days is not None else "",
        "run_by": context.config.run_by,
        "contact": context.config.contact,
        "back": context.home_path,
    }
