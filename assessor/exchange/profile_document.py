"""What a library says of itself, as parts of its JSON document: goals, logo, members and its history of entries."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from assessor.core.library_profile import LOGO_MEDIA, MAX_LOGO_BYTES, PROFILE_KINDS, Logo, library_profile
from assessor.core.months import is_month
from assessor.core.responses import Entry
from assessor.core.text_limits import MAX_NAME_LENGTH
from assessor.errors import N_
from assessor.exchange.entry_json import compact_json, entry_json, json_list, numbered_entries, read_entry, utc_stamp
from assessor.exchange.json_values import LocatedValue

#: The keys of the document that are read and written here, in their order.
PROFILE_KEYS: Final = ("goals", "logo", "members", "profile")

_NOT_LOGO = N_("this is no logo that can be kept: {media} in base 64, at most {most} bytes; put null here")
_NOT_A_MONTH = N_("{given!r} is no month; write it as 2027-06")
_NOT_YES = N_("{given!r} is not known here; write yes, or leave it empty")
_NO_ITEM = N_("this entry stands under {given!r}, which its kind does not do; export again")
_DISAGREES = N_("this does not match the profile; export again rather than changing the file by hand")


@dataclass(frozen=True, kw_only=True, slots=True)
class ProfileDocument:
    """What a document holds of what its library says of itself."""

    history: tuple[Entry, ...] = ()
    logo: Logo | None = None
    #: By id, the names of who gave entries.
    members: Mapping[str, str] = field(default_factory=dict)


#: Of a document of form 1, and of a library that has said nothing.
NO_PROFILE: Final = ProfileDocument()


def profile_parts(profile: ProfileDocument) -> Iterator[str]:
    """The members of the document, each with its key."""
    yield f'"goals":{json_list(map(compact_json, _goals_json(profile.history)))}'
    yield f'"logo":{compact_json(_logo_json(profile.logo))}'
    members = ({"id": id_, "name": name} for id_, name in profile.members.items())
    yield f'"members":{json_list(map(compact_json, members))}'
    yield f'"profile":{json_list(map(entry_json, profile.history))}'


def _goals_json(history: tuple[Entry, ...]) -> list[dict[str, str]]:
    return [{"id": id_, "text": text} for id_, text in library_profile(history).goals.items()]


def _logo_json(logo: Logo | None) -> dict[str, str] | None:
    if logo is None:
        return None
    return {"media": logo.media, "data": base64.b64encode(logo.content).decode(), "at": utc_stamp(logo.at)}


def read_profile(located: LocatedValue) -> ProfileDocument:
    """The profile in a document that has these keys; whatever is wrong with it is noted."""
    history = tuple(_read_entry(part) for part in numbered_entries(located.member("profile"), 2))
    if located.value["goals"] != _goals_json(history):
        located.member("goals").add_problem(_DISAGREES)
    return ProfileDocument(
        history=history, logo=_read_logo(located.member("logo")), members=_read_members(located.member("members"))
    )


def _read_entry(located: LocatedValue) -> Entry:
    """An entry of the library's; its item and value must be such as its kind has."""
    entry = read_entry(located, PROFILE_KINDS)
    if (entry.kind == "goal") != bool(entry.item):
        located.member("item").add_problem(_NO_ITEM, given=entry.item)
    elif entry.kind == "next" and entry.value and not is_month(entry.value):
        located.member("value").add_problem(_NOT_A_MONTH, given=entry.value)
    elif entry.kind == "figures" and entry.value not in ("", "yes"):
        located.member("value").add_problem(_NOT_YES, given=entry.value)
    return entry


def _read_logo(located: LocatedValue) -> Logo | None:
    if located.value is None or not located.has_exact_keys("media", "data", "at"):
        return None
    given = located.member("media").as_text()
    media = next((known for known in LOGO_MEDIA if known == given), None)
    content = _decoded(located.member("data").as_text(MAX_LOGO_BYTES * 2))
    if media is None or not content or len(content) > MAX_LOGO_BYTES:
        located.add_problem(_NOT_LOGO, media=", ".join(LOGO_MEDIA), most=MAX_LOGO_BYTES)
        return None
    return Logo(media=media, content=content, at=located.member("at").as_moment())


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _read_members(located: LocatedValue) -> dict[str, str]:
    parts = [part for part in located.elements() if part.has_exact_keys("id", "name")]
    return {
        part.member("id").as_name(MAX_NAME_LENGTH): part.member("name").as_name(MAX_NAME_LENGTH, empty=True)
        for part in parts
    }
