"""The files of a new bank, for `assessor bank new`: a small one to begin with, or a copy of another under a new id.

Either passes `bank check` as it is, so that an author starts from something that works. This returns texts; the command
writes them. The small bank shows each kind of key once, those it does not need in comments.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from assessor.bank import bank_files
from assessor.bank.bank_files import CASES_FILE, INSTRUMENT_FILE, MIGRATIONS_FILE, BankFile
from assessor.bank.json_schema import SCHEMA_FOLDER, SCHEMA_NAMES, schema_line, schema_text
from assessor.bank.loading import Bank
from assessor.bank.value_kinds import RESERVED

_SCHEMA_LINE = re.compile(r"\A# yaml-language-server:[^\n]*\n")
_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")

#: Placements and words of the scaffold, which no level may take.
_TAKEN: Final = ("outside", "undetermined", *RESERVED)

_INSTRUMENT = """\
# What is asked, and by which rules a collaboration is placed. No wording: that is in en.yaml and its like.
# What a key is: assessor bank help KEY

format: 1
id: {id}
version: "0.1"

# sources:   # the documents that the criteria come from
#   guide: {{document: "A guide (2021)", heading: "Working together", language: en}}

levels: [{levels}]   # highest first

# gains: [reach]   # what a collaboration may bring; asked at the end, never scored
# ends: {{written: ["yes"]}}   # options after which the end of a paper is asked for, never scored
# serves: {{contact: [step_1]}}   # options after which the library's goal is asked for, never scored
# followed: {{contact: [step_1]}}   # options that tell that management follows it, for the wall

items:
  - id: contact
    options: [{options}]
    rising: all   # each option is better than the one before
    efforts: {{{efforts}}}
    slips: {{{slips}}}
    # sources: [guide]
  - id: written
    options: ["no", "yes"]
    rising: all
    when: {{contact: {{at_least: step_1}}}}   # asked only while this may hold
    efforts: {{"yes": 1}}
    slips: {{"yes": {{"no": 2}}}}

conditions:   # conditions with a name, used as {{is: name}}
  agreed: {{written: "yes"}}

outcomes:   # tried in this order; the first that holds is the placement
{outcomes}  - id: outside

marks:   # shown beside the placement, never part of it
  - {{id: on_paper, when: {{is: agreed}}}}

# signals:   # told only while they hold for certain
#   - {{id: silent, when: {{contact: never}}}}   # asks_back: true has the interview ask about it at once
# split: [silent]   # signals on which a second collaboration is offered
"""

_WORDING = """\
{note}language: {language}
name: "{name}"
about: "The questions are about one collaboration at a time. Answer for how it is today. If you don't know, say so."

items:
  contact:
    short: "How you are in touch"
    ask: "How are you in touch?"
    # hint: "Meetings, calls and letters alike."
    options:
      never: {{label: "Not at all", short: "Not at all", reason: "We are not in touch"}}
{options}  written:
    short: "In writing"
    ask: "Is anything in writing?"
    options:
      "no": {{label: "No", short: "No", reason: "Nothing is in writing"}}
      "yes":
        label: "Yes"
        short: "Yes"
        reason: "It is in writing"
        # example: "A letter or an agreement."
        step: {{title: "Write it down", text: "One page will do."}}
        slip: "If the paper runs out"

placements:
{placements}  outside:
    name: "Outside the model"
    plural: "Outside the model"
    within: "outside the model"
    line: "Not in touch"
    about: "There is nothing to place yet."
    advice: "Begin with a conversation."

marks:
  on_paper: {{name: "On paper", about: "Something is in writing."}}

# gains: {{reach: "More people"}}
# method: ["Where the model comes from, and how it places."]
# limits: ["What the answers cannot tell."]
"""

_OPTION = """\
      step_{n}:
        label: "As in step {n}"
        short: "Step {n}"
        reason: "We are in touch as in step {n}"
        step: {{title: "Go to step {n}", text: "Say here how to begin."}}
        slip: "If it is no longer as in step {n}"
"""

_PLACEMENT = """\
  {id}:
    name: "{name}"
    plural: "{name}"
    within: "{within}"
    line: "What tells it apart, in one line"
    about: "What this placement means, in two or three sentences."
    advice: "What to think of next when it stands here."
"""

_CASES = """\
# Worked cases: the responses that somebody has thought through, and where the rules place them.
cases:
  - id: first
    # text: {{en: "The collaboration told in a few sentences."}}
    placements: [{highest}]
    responses: {{contact: step_{steps}, written: "yes"}}
"""

_NOT_TRANSLATED = "# Written in English to begin with: put each text into the language of this file.\n"


def is_id(text: str) -> bool:
    """Whether a text can be the id of a bank or of a level in the scaffold."""
    return bool(_ID.fullmatch(text)) and text not in _TAKEN


def is_language(text: str) -> bool:
    """Whether a new wording can be written in this language: a variant cannot, as it would repeat its base."""
    return bool(re.fullmatch("[a-z]{2,3}", text))


def new_bank(id_: str, levels: Sequence[str], languages: Sequence[str]) -> dict[str, str]:
    """File name to text of a small bank: two items, the second a follow-up of the first, a mark and a case."""
    files = {INSTRUMENT_FILE: _instrument(id_, levels), CASES_FILE: _cases(levels)}
    files |= {bank_files.wording_file_name(language): _wording(id_, levels, language) for language in languages}
    return _with_schemas(files)


def copied_bank(id_: str, source: Bank, languages: Sequence[str]) -> dict[str, str]:
    """File name to text of a bank under a new id, in some of its languages; raises `NoSuchWording`.

    The base of a variant is copied with it. The migrations are not: they carry answers that the source was given.
    """
    for language in languages:
        source.require_language(language)
    needed = {*languages, *(bank_files.base_language(language, source.languages) for language in languages)}
    texts = {name: file.content.decode("utf-8-sig") for name, file in _copied_files(source, needed)}
    texts[INSTRUMENT_FILE] = re.sub(r"^id:[^\n#]*", f"id: {id_}", texts[INSTRUMENT_FILE], count=1, flags=re.MULTILINE)
    return _with_schemas(texts)


def _copied_files(source: Bank, languages: Collection[str]) -> Iterator[tuple[str, BankFile]]:
    """The files of a bank without its migrations and the wordings in other languages."""
    for name, file in source.files.items():
        [*language] = bank_files.languages_among([name.removeprefix(f"{bank_files.PARTY_FOLDER}/")])
        if isinstance(file, BankFile) and name != MIGRATIONS_FILE and (not language or language[0] in languages):
            yield name, file


def _with_schemas(files: Mapping[str, str]) -> dict[str, str]:
    """The files, each with the line that names its schema, and the schemas in their folder."""
    schemas = {f"{SCHEMA_FOLDER}/{name}.json": schema_text(name) for name in SCHEMA_NAMES}
    named = {name: schema_line(name, SCHEMA_FOLDER) + _SCHEMA_LINE.sub("", text) for name, text in files.items()}
    return {**named, **schemas}


def _instrument(id_: str, levels: Sequence[str]) -> str:
    """instrument.yaml: one option of the first item for each level, each with an effort and a slip to the one below."""
    steps = range(1, len(levels) + 1)
    below = {n: f"step_{n - 1}" if n > 1 else "never" for n in steps}
    return _INSTRUMENT.format(
        id=id_,
        levels=", ".join(levels),
        options=", ".join(("never", *(f"step_{n}" for n in steps))),
        efforts=", ".join(f"step_{n}: {min(n + 1, 8)}" for n in steps),
        slips=", ".join(f"step_{n}: {{{below[n]}: 1}}" for n in steps),
        outcomes="".join(
            _outcome(level, len(levels) - position, position == 0) for position, level in enumerate(levels)
        ),
    )


def _outcome(level: str, step: int, highest: bool) -> str:
    """One outcome, reached from a step of the first item on; the highest level asks for the second item as well."""
    reached = f"{{contact: {{at_least: step_{step}}}}}"
    when = f"{{all: [{reached}, {{is: agreed}}]}}" if highest else reached
    return f"  - id: {level}\n    when: {when}\n"


def _wording(id_: str, levels: Sequence[str], language: str) -> str:
    """A wording file. Every language gets the English words, with a note that they have to be translated."""
    names = {level: level.replace("_", " ") for level in levels}
    return _WORDING.format(
        note="" if language == "en" else _NOT_TRANSLATED,
        language=language,
        name=id_.replace("_", " ").capitalize(),
        options="".join(_OPTION.format(n=n) for n in range(1, len(levels) + 1)),
        placements="".join(
            _PLACEMENT.format(id=level, name=name.capitalize(), within=name) for level, name in names.items()
        ),
    )


def _cases(levels: Sequence[str]) -> str:
    return _CASES.format(highest=levels[0], steps=len(levels))
