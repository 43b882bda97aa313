"""Forms and tables for tests, and forms filled in by programs that are not ours."""

import io
import itertools
from collections.abc import Mapping
from datetime import date
from typing import Any

import pypdf

from assessor import bank
from assessor.core import paper_fields
from assessor.core.responses import DONT_KNOW
from assessor.exchange import pdf_fields
from assessor.exchange.filled_forms import FilledForm, FormProblems, FormsRefused, parse_filled_forms, read_forms
from assessor.exchange.pdf_fields import PdfForm
from assessor.report.paper.posters import TableMaterial
from assessor.report.paper.questionnaire import PaperForm

LANGUAGES = ("da", "en", "fi", "nb", "sv")
KINDS = ("form", "forms", "poster", "cards")
#: Each kind in each language; of what differs in its names or in its questions only, the longest language.
PAPERS = (
    *itertools.product(("form", "poster", "cards"), ("dokk1",), LANGUAGES),
    ("forms", "dokk1", "fi"),
    *itertools.product(("form", "poster", "cards"), ("winwin",), ("fi",)),
)

MADE = date(2026, 11, 22)


def a_form(name: str = "dokk1", language: str = "sv", **facts: Any) -> PaperForm:
    """What a file of forms is made from."""
    words = bank.open_bank(name).wording(language)
    return PaperForm(
        instrument=bank.open_bank(name).instrument,
        wording=words,
        language=language,
        made=MADE,
        program="0.1.0",
        **facts,
    )


def a_table(name: str = "dokk1", language: str = "sv", **facts: Any) -> TableMaterial:
    """What a poster and cards are made from."""
    words = bank.open_bank(name).wording(language)
    return TableMaterial(
        instrument=bank.open_bank(name).instrument,
        wording=words,
        language=language,
        made=MADE,
        program="0.1.0",
        **facts,
    )


def fill(data: bytes, values: Mapping[str, str]) -> bytes:
    """The form with these values, as pypdf fills it in; options begin with a slash."""
    writer, out = pypdf.PdfWriter(clone_from=io.BytesIO(data)), io.BytesIO()
    for sheet in writer.pages:
        writer.update_page_form_field_values(sheet, dict(values), auto_regenerate=False)
    writer.write(out)
    return out.getvalue()


def field_of(widget: Mapping[str, Any]) -> Any:
    """The field that a place to fill in belongs to: itself, where it is the only one."""
    return widget if "/FT" in widget else widget["/Parent"]


NAMES = {
    paper_fields.PARTY_FIELD: "Exempelkören",
    paper_fields.UNDERTAKING_FIELD: "Sång på torget",
    paper_fields.LIBRARY_FIELD: "Exempelbiblioteket",
}


def choosing(name: str, at: int) -> dict[str, str]:
    """A value for every field of a bank: of each choice the option at this place, counted round."""
    values = dict(NAMES)
    for field in paper_fields.collaboration_fields(bank.open_bank(name).instrument):
        if field.kind == "choice":
            values[field.name] = f"/{field.options[at % len(field.options)]}"
        elif field.kind == "tick" and at % 2:
            values[field.name] = "/yes"
        elif (
            field.name.startswith(paper_fields.NOTE_PREFIX)
            or field.name == "goal-text"
            or field.name.startswith("step-")
        ):
            values[field.name] = f"{field.name} {at}"
    return values


def meant(values: Mapping[str, str]) -> set[tuple[str, str, str]]:
    """The entries that values mean, said anew and not by the reader's own rules."""
    entries, gains = set(), []
    for name, value in values.items():
        plain = value.removeprefix("/")
        if name == "gut-feeling":
            entries.add(("gut", "", plain))
        elif name == "wanted-level":
            entries.add(("wanted", "", "" if plain == DONT_KNOW else plain))
        elif name.startswith("note-"):
            entries.add(("note", name[5:], plain))
        elif name.startswith("ends-"):
            entries.add(("ends", name[5:], plain))
        elif name == "goal-text":
            entries.add(("goal", "", plain))
        elif name.startswith("step-"):
            entries.add(("step", name[5:], plain))
        elif name.startswith("gain-"):
            gains.append(name[5:])
        elif not name.startswith("name-"):
            entries.add(("response", name, plain))
    return entries | ({("gains", "", " ".join(gains))} if gains else set())


def told(*files: bytes, name: str = "dokk1") -> list[FilledForm]:
    """What files say, read by the reading process; raises `FormsRefused`."""
    problems = FormProblems()
    read = read_forms([(f"{at}.pdf", data) for at, data in enumerate(files)], problems)
    found = [each for one in read for each in parse_filled_forms(one, bank.open_bank(name).instrument, problems)]
    if problems.found:
        raise FormsRefused(problems.found)
    return found


def told_here(data: bytes) -> PdfForm:
    """What a file holds, read in this process."""
    return pdf_fields.read(data)
