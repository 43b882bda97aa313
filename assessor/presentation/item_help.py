"""What help on an item says that the question does not: a story that leads to one of its options, and its sources."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assessor.presentation.terms import Terms, as_sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldSource:
    """A heading as the reader's language has it, and where it stands."""

    heading: str
    #: The heading itself where that is in other words; else empty.
    original: str
    #: BCP 47 tag of the original heading and of the document's name.
    language: str
    document: str


def tell_story(item: str, terms: Terms) -> tuple[str, ...]:
    """A collaboration in a sentence or two, then the option that it leads to and why; empty without one."""
    words = terms.wording.items[item]
    if words.story is None:
        return ()
    label = words.options[words.story.option].label
    leads = terms.say("There the answer is “{option}”. {why}", option=label, why=as_sentence(words.story.why))
    return words.story.text, leads


def told_sources(sources: Iterable[str], terms: Terms) -> Iterator[ToldSource]:
    """Each source once, in the order of the ids; ids that the instrument lacks are left out."""
    for id_ in dict.fromkeys(sources):
        source = terms.instrument.sources.get(id_)
        if source:
            heading = terms.wording.headings.get(id_, source.heading)
            original = "" if heading == source.heading else source.heading
            yield ToldSource(heading=heading, original=original, language=source.language, document=source.document)


def source_sentence(source: ToldSource, terms: Terms) -> str:
    """A source in one line."""
    if not source.original:
        return terms.say("Source: “{heading}”, in: {document}", heading=source.heading, document=source.document)
    return terms.say(
        "Source: “{heading}”, in the original “{original}”, in: {document}",
        heading=source.heading,
        original=source.original,
        document=source.document,
    )
