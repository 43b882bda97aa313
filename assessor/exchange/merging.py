"""What a document holds that a store lacks; decided here, written by the store in one transaction.

Identity is by id. An assessment that is in both and went on in both is merged entry by entry (`core.merging`): all that
was given in either is kept, and what differs is a conflict to settle. A collaboration is the same where its id is, or
its names are, or an assessment of it is; a name that was changed since stays as it is here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace

from assessor.core.entries import CurrentState, current_state
from assessor.core.merging import Conflict, conflicts, extended_history, with_keys
from assessor.core.names import numbered_name
from assessor.core.responses import Assessment, Collaboration
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
    """One id that means different assessments in the store and the file."""

    template = N_(
        "The assessment {assessment} is a different one here and in the file, so nothing was imported; "
        "erase the one here, or do without the file"
    )


class CollaborationDiffers(AssessorError):
    """One id that means collaborations of different libraries in the store and the file."""

    template = N_(
        "The collaboration {collaboration} belongs to another library here than in the file, so nothing "
        "was imported; check whether the file is the right one"
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class MergePlan:
    """What the store is to add, and how much of it there is."""

    collaborations: tuple[Collaboration, ...]
    #: New ones, and those of the store in which more was given, as they are in the file.
    assessments: tuple[Assessment, ...]
    #: Those of the store in which the file brings about something to settle, as they will be.
    conflicting: tuple[Assessment, ...] = ()
    #: By assessment id, the whole text of its bank.
    snapshots: Mapping[str, str]
    #: The number of entries that the store lacks.
    entries: int
    #: What the library says of itself that the store lacks.
    profile: ProfileDocument = NO_PROFILE
    #: By name here, the name in the file of each collaboration that has two.
    other_names: Mapping[str, str] = field(default_factory=dict)
    #: How many of each the document has of what was erased in the store, and are left out.
    erased_collaborations: int = 0
    erased_assessments: int = 0
    #: The collaborations that these belong to, by their names in the file.
    erased_names: tuple[str, ...] = ()

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

    Raises `OtherLibrary` unless `other_library`, `CollaborationDiffers`, `AssessmentDiffers` or `EntriesDiffer`.
    """
    if libraries and document.library not in libraries and not other_library:
        raise OtherLibrary(library=escape_controls(document.library))
    stored = {assessment.id: assessment for assessment in assessments}
    held = tuple(collaborations)
    same = _same_collaborations(document, held, stored)
    pairs = [(_placed(each, same, stored.get(each.id)), stored.get(each.id)) for each in document.assessments]
    merged = {there.id: _merged(there, here) for there, here in pairs if here}
    new = [(there, here) for there, here in pairs if here is None or merged[there.id] != here]
    return MergePlan(
        collaborations=tuple(each for each in same.values() if each not in held),
        assessments=tuple(there for there, _ in new),
        conflicting=tuple(merged[here.id] for _, here in new if here and _new_conflicts(merged[here.id], here)),
        snapshots={there.id: document.snapshots[there.id] for there, _ in new},
        entries=sum(_new_entries(merged.get(there.id, there), here) for there, here in new),
        profile=_new_of_profile(document.profile, profile),
        other_names={
            same[each.id].name: each.name
            for each in document.collaborations
            if same[each.id] in held and same[each.id].name != each.name
        },
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


def _same_collaborations(
    document: LibraryDocument, held: Collection[Collaboration], stored: Mapping[str, Assessment]
) -> dict[str, Collaboration]:
    """By its id in the document, each collaboration as it is called here; raises `CollaborationDiffers`.

    One that is new here, with the names of another one, gets a number.
    """
    by_id = {each.id: each for each in held}
    by_assessment = {
        each.collaboration.id: stored[each.id].collaboration for each in document.assessments if each.id in stored
    }
    same = {each.id: by_id[each.id] for each in document.collaborations if each.id in by_id}
    same |= {id_: here for id_, here in by_assessment.items() if id_ not in same}
    for each in document.collaborations:
        if each.id in same and same[each.id].library != each.library:
            raise CollaborationDiffers(collaboration=escape_controls(each.id))
    known = set(same.values())
    free = {_identifying_names(each): each for each in held if each not in known}
    same |= {
        each.id: free[_identifying_names(each)]
        for each in document.collaborations
        if each.id not in same and _identifying_names(each) in free
    }
    taken = {_identifying_names(each) for each in held}
    return same | {each.id: _with_free_name(each, taken) for each in document.collaborations if each.id not in same}


def _with_free_name(new: Collaboration, taken: set[tuple[str, str, str]]) -> Collaboration:
    """A new collaboration, its undertaking numbered where another has its names already; they are then taken."""
    used = {undertaking for library, party, undertaking in taken if (library, party) == (new.library, new.party)}
    named = replace(new, undertaking=numbered_name(new.undertaking, used))
    taken.add(_identifying_names(named))
    return named


def _identifying_names(collaboration: Collaboration) -> tuple[str, str, str]:
    return collaboration.library, collaboration.party, collaboration.undertaking


def _placed(there: Assessment, same: Mapping[str, Collaboration], here: Assessment | None) -> Assessment:
    """The document's assessment under the collaboration that it has here, each entry with its key."""
    history = with_keys(there.id, there.history, here.history if here else ())
    collaboration = here.collaboration if here else same[there.collaboration.id]
    return replace(there, collaboration=collaboration, history=history)


def _merged(there: Assessment, here: Assessment) -> Assessment:
    """What the assessment here becomes; raises `AssessmentDiffers`."""
    if _fixed_facts(there) != _fixed_facts(here):
        raise AssessmentDiffers(assessment=escape_controls(there.id))
    history = extended_history(here.history, there.history)
    if history == here.history:
        return here
    state = current_state(history)
    return replace(
        here,
        **{each.name: getattr(state, each.name) for each in fields(CurrentState)},
        changed=history[-1].at,
        history=history,
    )


def _new_conflicts(merged: Assessment, here: Assessment) -> tuple[Conflict, ...]:
    """What the merge brings about that is to be settled, and was not before."""
    before = {tuple(entry.key for entry in each.entries) for each in conflicts(here.history)}
    return tuple(each for each in conflicts(merged.history) if tuple(entry.key for entry in each.entries) not in before)


def _new_entries(merged: Assessment, here: Assessment | None) -> int:
    return len(merged.history) - (len(here.history) if here else 0)


def _fixed_facts(assessment: Assessment) -> tuple[object, ...]:
    """What of an assessment cannot change as it goes on, for comparison."""
    return (
        assessment.id,
        assessment.instrument,
        assessment.version,
        assessment.digest,
        assessment.respondent,
        assessment.started,
    )
