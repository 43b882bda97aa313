"""What a page for others is made of."""

from assessor.bank import Bank
from assessor.core.wording import Wording
from assessor.language import LANGUAGES


def page_wordings(bank: Bank) -> dict[str, Wording]:
    """The bank's words in each language of the program that it speaks, without variants."""
    return {code: bank.nearest_wording(code) for code in LANGUAGES if "_" not in code and bank.speaks(code)}
