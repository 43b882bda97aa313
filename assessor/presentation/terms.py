"""The words for one instrument in one language: sentences by gettext, names from the instrument's wording.

Most functions that make sentences take a `Terms`, because nearly every sentence needs both. Those that say nothing
about an instrument take its base class, `Messages`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from assessor.core.instrument import Instrument
from assessor.core.wording import Wording
from assessor.presentation.messages import Messages


@dataclass(frozen=True)
class Terms(Messages):
    """What is said about one instrument's placements in one language: the program's messages and a bank's words.

    `wording` may be in another language than the messages where the bank has not been translated; nothing here mixes
    them within a name.
    """

    instrument: Instrument
    wording: Wording

    def gettext(self, message: str) -> str:
        """The message in the language; the bank's own sentence where it calls levels something else."""
        return self.wording.level_sentences.get(message) or super().gettext(message)

    def count(self, one: str, many: str, number: int, **facts: object) -> str:
        """As `Messages.count`; in the bank's own sentences where it has them."""
        own = self.wording.level_sentences.get(one if number == 1 else many)
        return own.format(number=number, **facts) if own else super().count(one, many, number, **facts)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """As `Messages.ngettext`; in the bank's own sentences where it has them."""
        return self.wording.level_sentences.get(one if number == 1 else many) or super().ngettext(one, many, number)

    def long_date(self, day: date) -> str:
        """A date as it is written out."""
        return _format_date(day, self.language, "long")

    def brief_date(self, day: date) -> str:
        """A date where there is little room for it."""
        return _format_date(day, self.language, "medium")

    def month_and_year(self, month: str) -> str:
        """A month that is kept as 2027-06, as it is written out."""
        return _format_month(date(int(month[:4]), int(month[5:]), 1), self.language)

    def numbered_name(self, placement: str) -> str:
        """A placement with its level's number before its name; the name alone beside the levels."""
        number = self.instrument.level_number(placement)
        name = self.placement_name(placement)
        return self.say("{number} {name}", number=number, name=name) if number else name

    def levelled_name(self, placement: str) -> str:
        """A placement with its level behind its name, where a number before it would be taken for another."""
        level, name = self.instrument.level_number(placement), self.placement_name(placement)
        return self.say("{name} (level {level})", name=name, level=level) if level else name

    def brief_name(self, placement: str) -> str:
        """A placement in as few words as can be: its level's number, or its name beside the levels."""
        number = self.instrument.level_number(placement)
        return self.say("level {number}", number=number) if number else lower_first(self.placement_name(placement))

    def placement_name(self, placement: str) -> str:
        """A placement's name as it stands alone, in a heading or a table."""
        return self.wording.placements[placement].name

    def placement_in_sentence(self, placement: str) -> str:
        """A placement's name within a sentence; many languages need an article or another case there."""
        return self.wording.placements[placement].within

    def format_list(self, parts: Iterable[str], last: str | None = None) -> str:
        """The parts joined with commas, `last` before the final one ("and" where it is None); at least one part."""
        *first, final = parts
        word = last or self.say("and")
        return f"{', '.join(first)} {word} {final}" if first else final

    def item_heading(self, item: str) -> str:
        """An item's short name, as it stands in lists."""
        return self.wording.items[item].short

    def short_response(self, item: str, response: str) -> str:
        """A response in a few words; "Don't know" for any that the item does not offer."""
        options = self.wording.items[item].options
        return options[response].short if response in options else self.say("Don't know")

    def response_or_not_asked(self, item: str, response: str | None) -> str:
        """The same; "Not asked" where there is no response, which is never a don't know."""
        return self.short_response(item, response) if response else self.say("Not asked")


@cache
def _format_date(day: date, language: str, form: Literal["long", "medium"]) -> str:
    """The date as the language writes it, cached: a report names the same few days again and again."""
    from babel.dates import format_date  # slow to import, and not needed where a finished report is found

    return format_date(day, form, locale=language)


def lower_first(text: str) -> str:
    """The text as it goes on within a sentence: its first letter small, unless the first word is all capitals."""
    word = text.split(" ", 1)[0]
    return text if len(word) > 1 and word.isupper() else text[:1].lower() + text[1:]


def as_sentence(text: str) -> str:
    """The text with a capital first and a full stop at the end, unless it ends in a mark of its own."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "…")) else ".")


@cache
def _format_month(day: date, language: str) -> str:
    from babel.dates import format_skeleton  # slow to import, and rarely needed

    return str(format_skeleton("yMMMM", day, locale=language))
