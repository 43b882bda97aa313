"""One HTML file for a first try: the questions of one collaboration, the exact placements, and nothing to install.

The file holds the compiled rules and every word in each language; its script walks the rules (`web/first_try.js`).
What is said of a set of placements is said here, for every set that can be.
"""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain, combinations
from typing import Any, Final

from markupsafe import Markup

from assessor import __version__
from assessor.core.instrument import Instrument
from assessor.core.wording import Wording
from assessor.errors import N_
from assessor.language import LANGUAGE_NAMES, language_tag
from assessor.presentation.messages import Messages
from assessor.presentation.placements import tell_placements
from assessor.presentation.terms import Terms, as_sentence
from assessor.presentation.tones import BESIDE_TONE, Tone, level_tones
from assessor.report.render import render_template
from assessor.resources import templates_folder

#: The version of the form of what the page writes.
PAGE_FORMAT: Final = 1

#: Added to the pages' style: two columns, and placements that are out.
_STYLE: Final = """
.columns { display: grid; gap: 0 2.5rem } .columns > * { min-width: 0 }
@media (min-width: 48rem) { .columns { grid-template-columns: 3fr 2fr } }
.tags li { display: inline-block; margin: 0 0.4rem 0.4rem 0 }
.tag.out { background: none; color: var(--quiet); text-decoration: line-through }
.speech { margin: 0 } .speech select { font: inherit; color: inherit; background: var(--paper); min-height: 2.75rem;
border: 1px solid var(--edge); border-radius: 0.5rem; padding: 0 0.6rem }
#question h1:focus { outline: none }
"""


_TITLE: Final = N_("Is it a partnership?")
_NEEDS_SCRIPTS: Final = N_("This page needs scripts: allow them in the browser, or answer on paper.")

#: What the page says beside the questions, by the name under which its script and template look it up.
_SAID: Final = {
    "page": _TITLE,
    "skip": N_("Skip to content"),
    "language": N_("Language"),
    "promise": N_(
        "Nothing you answer here is sent or kept anywhere. It is gone when the page is closed, unless you save it "
        "as a file."
    ),
    "why": N_("Why"),
    "all": N_("All questions"),
    "keep": N_("Take the answers with you"),
    "keep_how": N_(
        "The file can be taken into assessor with its command import; it holds these answers and nothing else."
    ),
    "party": N_("What is the other party called?"),
    "undertaking": N_("What do you do together?"),
    "missing": N_("Say what the other party is called; then save again."),
    "save": N_("Save as a file"),
    "done": N_("The answers are enough: nothing that is still open can change the placement."),
    "dont_know": N_("Don't know"),
    "unanswered": N_("Not answered"),
    "change": N_("Change"),
    "answer": N_("Answer"),
    "possible": N_("possible"),
    "not_possible": N_("not possible"),
}


def trial_page(instrument: Instrument, wordings: Mapping[str, Wording], language: str) -> bytes:
    """The page in every language that has wording; its first words are in `language`."""
    terms = {code: Terms(code, instrument, wording) for code, wording in wordings.items()}
    data = {
        "instrument": _plain_instrument(instrument),
        "words": {code: _words(each) for code, each in terms.items()},
        "header": {
            "assessor": {"page": PAGE_FORMAT, "version": __version__},
            "bank": {"instrument": instrument.id, "version": instrument.version, "digest": instrument.digest},
        },
    }
    html = render_template(
        "web/first_try.html.j2",
        language,
        tag=language_tag(language),
        title=Messages(language).say(_TITLE),
        style=Markup(_page_style()),  # noqa: S704 - our own file
        script=Markup((templates_folder() / "web" / "first_try.js").read_text("utf-8")),  # noqa: S704 - likewise
        data=_json_in_html(data),
        languages=[(code, language_tag(code), LANGUAGE_NAMES[code]) for code in terms],
        without_scripts=[(language_tag(code), each.say(_NEEDS_SCRIPTS)) for code, each in terms.items()],
    )
    return html.encode()


def _plain_instrument(instrument: Instrument) -> dict[str, Any]:
    """The compiled rules, the conditions under which items apply, and the items in their order."""
    return {
        "diagram": {**instrument.diagram.to_plain(), "marks": {}},
        "applicability": instrument.applicability.to_plain(),
        "items": [item.id for item in instrument.items],
    }


def _words(terms: Terms) -> dict[str, Any]:
    """Everything that is said in one language; options are in the order of the diagram's."""
    tones = level_tones(terms.instrument)
    return {
        **{name: terms.say(message) for name, message in _SAID.items()},
        "tag": language_tag(terms.language),
        "items": {item.id: _item_words(item.id, terms) for item in terms.instrument.items},
        "placements": {
            placement: _placement_words(placement, tones.get(placement, BESIDE_TONE), terms)
            for placement in terms.instrument.placements
        },
        "told": dict(_told_sets(terms)),
    }


def _item_words(item: str, terms: Terms) -> dict[str, Any]:
    words = terms.wording.items[item]
    options = [words.options[option] for option in terms.instrument.diagram.options[item]]
    return {
        "ask": words.ask,
        "hint": words.hint,
        "short": words.short,
        "options": [[option.label, option.example] for option in options],
        "reasons": [as_sentence(option.reason) for option in options],
    }


def _placement_words(placement: str, tone: Tone, terms: Terms) -> list[str]:
    return [terms.numbered_name(placement), terms.wording.placements[placement].line, tone.name, tone.sign]


def _told_sets(terms: Terms) -> Iterator[tuple[str, str]]:
    """Every set of placements, as the numbers of its ends, and what is said of it."""
    placements = terms.instrument.diagram.placements
    numbers = range(len(placements))
    for chosen in chain.from_iterable(combinations(numbers, size) for size in range(1, len(placements) + 1)):
        yield " ".join(map(str, chosen)), tell_placements([placements[number] for number in chosen], terms)


def _page_style() -> str:
    """The pages' style without its typefaces, which would be asked for."""
    style = (templates_folder() / "web" / "pages.css").read_text("utf-8")
    return re.sub(r"@font-face \{[^}]*\}\n", "", style) + _STYLE


def _json_in_html(data: object) -> Markup:
    """JSON that ends no script element, whatever stands in a bank."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028"))  # noqa: S704 - nothing in it opens an element
