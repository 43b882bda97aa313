"""`level_sentences`: what a bank says where it does not speak of levels."""

from pathlib import Path

from babel.messages.pofile import read_po
from demo_bank import Demo

import assessor
from assessor.bank import open_bank
from assessor.core.wording import LEVEL_SENTENCES
from assessor.presentation.terms import Terms

RUNGS = """level_sentences:
  "level {number}": "rung {number}"
  "{name} (level {level})": "{name} (rung {level})"
  "Wanted level": Wanted rung
  "{number} stand on one of the model's levels.": "{number} stand on a rung."
"""


def test_a_banks_own_word_for_level_stands_where_the_programs_would(demo: Demo):
    demo.write("en.yaml", (demo.folder / "en.yaml").read_text("utf-8") + RUNGS)
    bank = open_bank(demo.folder)
    terms = Terms("en", bank.instrument, bank.wording("en"))

    assert demo.problems() == []
    assert (terms.brief_name("close"), terms.levelled_name("loose")) == ("rung 1", "Loose (rung 2)")
    assert terms.say("Wanted level") == "Wanted rung"
    one, many = "{number} stands on one of the model's levels.", "{number} stand on one of the model's levels."
    assert [terms.count(one, many, number) for number in (1, 2)] == [one.format(number=1), "2 stand on a rung."]


def test_a_sentence_that_the_program_does_not_say_and_a_field_that_it_lacks_are_told(demo: Demo):
    wrong = 'level_sentences:\n  "level {numbr}": "rung {number}"\n  "level {number}": "rung {level}"\n'
    demo.write("en.yaml", (demo.folder / "en.yaml").read_text("utf-8") + wrong)
    misspelt, field = demo.problems()

    assert "the program has no sentence level {numbr} about levels; take it out, or write level {number}" in misspelt
    assert "this stands for level {number}, so it needs the same {number} and no others" in field


def test_each_of_the_sentences_is_one_of_the_programs():
    catalogue = Path(assessor.__file__).parent / "locale/sv/LC_MESSAGES/messages.po"
    with catalogue.open("rb") as file:
        ids = [message.id for message in read_po(file)]
    said = {id for one in ids for id in ((one,) if isinstance(one, str) else one)}

    assert [sentence for sentence in LEVEL_SENTENCES if sentence not in said] == []
