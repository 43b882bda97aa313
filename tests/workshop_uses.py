"""A workshop's use cases over one store, by who uses them."""

from dataclasses import dataclass

from assessor.bank import open_bank
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
        bank = open_bank(bank_name)
        return cls(Workshops(store, bank), Facilitation(store, bank), Participation(store, bank))
