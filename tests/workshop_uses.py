"""A workshop's use cases over one store, by who uses them."""

from dataclasses import dataclass

from assessor.store import Store
from assessor.usecases.facilitating import Facilitation
from assessor.usecases.participating import Participation
from assessor.usecases.workshops import Workshops


@dataclass(frozen=True)
class WorkshopUses:
    workshops: Workshops
    facilitation: Facilitation
    participation: Participation

    @classmethod
    def of(cls, store: Store, bank_name: str = "dokk1") -> "WorkshopUses":
        return cls(Workshops(store, bank_name), Facilitation(store, bank_name), Participation(store, bank_name))
