"""Erasing what a library gave: what is meant, and afterwards which copies still lie elsewhere.

An erasure is planned first, so that a face can ask about it by its name, and carried out by calling `erase`. Erasing
removes rows without a trace from the store; backups and a server's own log cannot be reached from here, so each face
says in the same sentences where they are and how they go.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain

from assessor.core.responses import Assessment
from assessor.errors import N_
from assessor.local_time import local_day
from assessor.presentation.messages import Messages
from assessor.presentation.progress import responses_and_notes_text
from assessor.safe_text import escape_controls
from assessor.store import Erasure, Store
from assessor.usecases.assessments import Assessments
from assessor.usecases.libraries import NothingAnsweredYet, find_named_collaboration, find_party

_IN_BACKUP = N_("It is still in the backup {backup}: delete that file to erase it there too, at the latest on {day}")
_ON_SERVER = N_(
    "The server's own log and backups may hold it until they expire; the server's administrator "
    "knows when, and can clear its files at once with VACUUM FULL"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedErasure:
    """Something that is about to be erased."""

    #: The name of the library, the party or the collaboration.
    name: str
    #: What goes with it.
    assessments: tuple[Assessment, ...]
    erase: Callable[[], Erasure]


def plan_library_erasure(store: Store, library: str) -> PlannedErasure:
    """Plans to erase a whole library, its workshops included."""
    workshops = (each.id for each in store.workshops.all() if each.library == library)
    gone = (*store.assessments(library=library), *chain.from_iterable(map(store.assessments_in_workshop, workshops)))
    return PlannedErasure(name=library, assessments=gone, erase=lambda: store.erase_library(library))


def plan_party_erasure(store: Store, library: str, name: str) -> PlannedErasure:
    """Plans to erase a party and all collaborations with it; raises `NoSuchParty`."""
    party = find_party(store, library, name)
    gone = tuple(each for each in store.assessments(library=library) if each.collaboration.party == party)
    return PlannedErasure(name=party, assessments=gone, erase=lambda: store.erase_party(library, party))


def plan_collaboration_erasure(assessments: Assessments, store: Store, name: str) -> PlannedErasure:
    """Plans to erase one collaboration and all its assessments; raises what finding it raises."""
    collaboration = find_named_collaboration(assessments.list_collaborations(), name).collaboration
    return PlannedErasure(
        name=collaboration.name,
        assessments=store.assessments(collaboration.id),
        erase=lambda: store.erase_collaboration(collaboration.id),
    )


def plan_assessment_erasure(assessments: Assessments, store: Store, name: str, command: str) -> PlannedErasure:
    """Plans to erase the latest assessment of one collaboration; earlier ones stay.

    Raises `NothingAnsweredYet` where there is none, and what finding the collaboration raises.
    """
    listed = find_named_collaboration(assessments.list_collaborations(), name)
    if listed.loaded is None:
        raise NothingAnsweredYet(command=command)
    latest = listed.loaded.assessment
    return PlannedErasure(
        name=listed.collaboration.name, assessments=(latest,), erase=lambda: store.erase_assessment(latest.id)
    )


def describe_contents(assessments: Iterable[Assessment], messages: Messages) -> str:
    """How much was given in assessments, for a question before they go: "17 answers, 1 note"."""
    given = tuple(assessments)
    responses, notes = sum(len(each.responses) for each in given), sum(len(each.notes) for each in given)
    return responses_and_notes_text(messages, responses, notes)


def describe_remaining_copies(
    erasure: Erasure, translate: Callable[[str], str], *, with_folders: bool = False
) -> tuple[str, ...]:
    """A sentence for each place where a copy still lies, with how to remove it; none if there is none.

    Backups are named by their file alone unless `with_folders`: a page may be read by somebody who should not learn
    where this machine keeps its files.
    """
    backups = tuple(
        translate(_IN_BACKUP).format(
            backup=escape_controls(str(copy.path) if with_folders else copy.path.name), day=local_day(copy.expires_at)
        )
        for copy in erasure.backups
    )
    return (*backups, translate(_ON_SERVER)) if erasure.on_server else backups
