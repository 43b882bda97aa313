"""What a document holds that a store lacks; decided here, written by the store in one transaction.

Identity is by id. An assessment that is in both must have the same history up to the end of the shorter one; the longer
one then counts. Nothing is ever merged entry by entry: two histories that went different ways are refused, as nobody
could say which response holds. Names identify a collaboration as much as its id, so neither may differ.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from assessor.core.responses import Assessment, Collaboration, Entry
from assessor.errors import N_, AssessorError
from assessor.exchange.library_document import LibraryDocument
from assessor.exchange.profile_document import NO_PROFILE, ProfileDocument
from assessor.safe_text import escape_controls


class OtherLibrary(AssessorError):
    """A document of a library that the store does not hold, without the option that allows it."""

    template = N_(
        "The file is from another library ({library}) and was not imported; check the file, or "
        "add --other-library if you mean it"
    )


class AssessmentDiffers(AssessorError):
    """One assessment that was continued in two places."""

    template = N_(
        "The assessment {assessment} continued differently here and in the file, so nothing was "
        "imported; erase the one here, or do without the file"
    )


class CollaborationDiffers(AssessorError):
    """One id that means different collaborations in the store and the file, or one collaboration with two ids."""

    template = N_(
        "The collaboration {collaboration} is a different one here and in the file, so nothing "
        "was imported; rename the one here, or do without the file"
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class MergePlan:
    """What the store is to add, and how much of it there is."""

    collaborations: tuple[Collaboration, ...]
    #: New ones, and those of the store that have more history in the file.
    assessments: tuple[Assessment, ...]
    #: By assessment id, the whole text of its bank.
    snapshots: Mapping[str, str]
    #: The number of entries that the store lacks.
    entries: int
    #: What the library says of itself that the store lacks.
    profile: ProfileDocument = NO_PROFILE
    #: How many of each the document has of what was erased in the store, and are left out.
    erased_collaborations: int = 0
    erased_assessments: int = 0

    @property
    def count(self) -> int:
        """The number of new things of all kinds; 0 when the file was taken in before."""
        of_profile = len(self.profile.history) + len(self.profile.members) + (self.profile.logo is not None)
        return len(self.collaborations) + len(self.assessments) + self.entries + of_profile


def plan_merge(
    document: LibraryDocument,
    libraries: Collection[str],
    collaborations: Iterable[Collaboration],
    assessments: Iterable[Assessment],
    profile: ProfileDocument = NO_PROFILE,
    *,
    other_library: bool = False,
) -> MergePlan:
    """What to add to a store that has these libraries, collaborations and assessments, and this profile of the file's.

    Raises `OtherLibrary` unless `other_library`, `CollaborationDiffers` or `AssessmentDiffers`.
    """
    if libraries and document.library not in libraries and not other_library:
        raise OtherLibrary(library=escape_controls(document.library))
    new_collaborations = _new_collaborations(document, collaborations)
    stored = {assessment.id: assessment for assessment in assessments}
    longer = tuple(
        assessment for assessment in document.assessments if _has_new_entries(assessment, stored.get(assessment.id))
    )
    return MergePlan(
        collaborations=new_collaborations,
        assessments=longer,
        snapshots={assessment.id: document.snapshots[assessment.id] for assessment in longer},
        entries=sum(len(assessment.history) - _history_length(stored.get(assessment.id)) for assessment in longer),
        profile=_new_of_profile(document.profile, profile),
    )


def _new_of_profile(incoming: ProfileDocument, stored: ProfileDocument) -> ProfileDocument:
    """The entries whose keys are not stored, the members who are not, and a logo that is newer than the stored one."""
    keys = {entry.key for entry in stored.history}
    is_newer = incoming.logo and (stored.logo is None or stored.logo.at < incoming.logo.at)
    return ProfileDocument(
        history=tuple(entry for entry in incoming.history if entry.key not in keys),
        logo=incoming.logo if is_newer else None,
        members={id_: name for id_, name in incoming.members.items() if id_ not in stored.members},
    )


def _new_collaborations(
    document: LibraryDocument, collaborations: Iterable[Collaboration]
) -> tuple[Collaboration, ...]:
    """The document's collaborations that are not stored; raises `CollaborationDiffers`."""
    stored = {collaboration.id: collaboration for collaboration in collaborations}
    ids = {_identifying_names(collaboration): collaboration.id for collaboration in stored.values()}
    for collaboration in document.collaborations:
        if (
            stored.get(collaboration.id, collaboration) != collaboration
            or ids.get(_identifying_names(collaboration), collaboration.id) != collaboration.id
        ):
            raise CollaborationDiffers(collaboration=escape_controls(collaboration.id))
    return tuple(collaboration for collaboration in document.collaborations if collaboration.id not in stored)


def _identifying_names(collaboration: Collaboration) -> tuple[str, str, str]:
    return collaboration.library, collaboration.party, collaboration.undertaking


def _history_length(stored: Assessment | None) -> int:
    return len(stored.history) if stored else 0


def _has_new_entries(incoming: Assessment, stored: Assessment | None) -> bool:
    """Whether the document has more of an assessment than the store; raises `AssessmentDiffers`."""
    if stored is None:
        return True
    shared = min(len(incoming.history), len(stored.history))
    begun_alike = all(map(_are_one_entry, incoming.history[:shared], stored.history[:shared]))
    if _fixed_facts(incoming) != _fixed_facts(stored) or not begun_alike:
        raise AssessmentDiffers(assessment=escape_controls(incoming.id))
    return len(incoming.history) > len(stored.history)


def _are_one_entry(incoming: Entry, stored: Entry) -> bool:
    """Whether both are the same entry; the text of a note may be erased in one, and keys new where a file had none."""
    erased = incoming.kind == "note" and not (incoming.value and stored.value)
    same_value = erased or incoming.value == stored.value
    return same_value and (incoming.kind, incoming.item, incoming.at) == (stored.kind, stored.item, stored.at)


def _fixed_facts(assessment: Assessment) -> tuple[object, ...]:
    """What of an assessment cannot change as it goes on, for comparison."""
    return (
        assessment.id,
        assessment.collaboration,
        assessment.instrument,
        assessment.version,
        assessment.digest,
        assessment.respondent,
        assessment.started,
    )
