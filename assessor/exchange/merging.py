"""What a document holds that a store lacks; decided here, kept by the store in one transaction.

Identity is by id. An assessment that is there already must agree as far as both go: the longer history then counts.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from assessor.core.responses import Assessment, Collaboration
from assessor.errors import N_, AssessorError
from assessor.exchange.library_document import LibraryDocument
from assessor.safe_text import escape_controls


class OtherLibrary(AssessorError):
    """A document of a library that the store does not hold, and nobody said that it should."""

    template = N_(
        "The file is from another library ({library}) and was not imported; check the file, or "
        "add --other-library if you mean it"
    )


class AssessmentDiffers(AssessorError):
    """One assessment that went on in two places."""

    template = N_(
        "The assessment {assessment} continued differently here and in the file, so nothing was "
        "imported; erase the one here, or do without the file"
    )


class CollaborationDiffers(AssessorError):
    """One id under which the store and the file mean different collaborations, or the other way round."""

    template = N_(
        "The collaboration {collaboration} is a different one here and in the file, so nothing "
        "was imported; rename the one here, or do without the file"
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class MergePlan:
    """What is to be kept, and how much of it there is."""

    collaborations: tuple[Collaboration, ...]
    #: New ones, and those that are here already with more history in the file.
    assessments: tuple[Assessment, ...]
    #: By assessment id.
    snapshots: Mapping[str, str]
    #: Of entries that the store lacks.
    entries: int

    @property
    def count(self) -> int:
        """Of everything that is new; 0 when the file was taken in before."""
        return len(self.collaborations) + len(self.assessments) + self.entries


def plan_merge(
    document: LibraryDocument,
    libraries: Collection[str],
    collaborations: Iterable[Collaboration],
    assessments: Iterable[Assessment],
    *,
    other_library: bool = False,
) -> MergePlan:
    """What the store lacks, which holds these libraries and, of any, these collaborations and assessments.

    Raises `OtherLibrary` unless told, `CollaborationDiffers` or `AssessmentDiffers`.
    """
    if libraries and document.library not in libraries and not other_library:
        raise OtherLibrary(library=escape_controls(document.library))
    new = _new_collaborations(document, collaborations)
    here = {each.id: each for each in assessments}
    longer = tuple(each for each in document.assessments if _has_new_entries(each, here.get(each.id)))
    return MergePlan(
        collaborations=new,
        assessments=longer,
        snapshots={each.id: document.snapshots[each.id] for each in longer},
        entries=sum(len(each.history) - _history_length(here.get(each.id)) for each in longer),
    )


def _new_collaborations(
    document: LibraryDocument, collaborations: Iterable[Collaboration]
) -> tuple[Collaboration, ...]:
    here = {each.id: each for each in collaborations}
    ids = {_identifying_names(each): each.id for each in here.values()}
    for each in document.collaborations:
        if here.get(each.id, each) != each or ids.get(_identifying_names(each), each.id) != each.id:
            raise CollaborationDiffers(collaboration=escape_controls(each.id))
    return tuple(each for each in document.collaborations if each.id not in here)


def _identifying_names(each: Collaboration) -> tuple[str, str, str]:
    return each.library, each.party, each.undertaking


def _history_length(here: Assessment | None) -> int:
    return len(here.history) if here else 0


def _has_new_entries(there: Assessment, here: Assessment | None) -> bool:
    if here is None:
        return True
    shared = min(len(there.history), len(here.history))
    if _with_history_prefix(there, shared) != _with_history_prefix(here, shared):
        raise AssessmentDiffers(assessment=escape_controls(there.id))
    return len(there.history) > len(here.history)


def _with_history_prefix(each: Assessment, length: int) -> Assessment:
    """Only what cannot change as the assessment goes on."""
    return replace(
        each,
        history=each.history[:length],
        responses={},
        notes={},
        gut=None,
        wanted=None,
        gains=(),
        changed=each.started,
    )
