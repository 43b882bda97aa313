"""A small bank to spoil, and what a check of it says."""

from pathlib import Path

from assessor import bank

#: Three items, two levels, one mark: what the tests change a line of.
INSTRUMENT = """\
id: demo
version: "1"
levels: [close, loose]
gains: [reach]
sources:
  guide: {document: "A guide", heading: "One", language: en}
items:
  - id: writing
    options: [none, intent, agreement]
    rising: all
    sources: [guide]
    efforts: {intent: 1, agreement: 3}
    slips: {agreement: {none: 2}}
  - id: money
    options: ["no", "yes"]
  - id: price
    options: [low, high]
    when: {money: "yes"}
conditions:
  written: {writing: {at_least: intent}}
outcomes:
  - {id: bought, when: {price: high}}
  - {id: close, when: {writing: agreement}}
  - {id: loose, when: {is: written}}
  - {id: outside}
marks:
  - {id: on_paper, when: {is: written}, sources: [guide]}
signals:
  - {id: paid, when: {money: "yes"}}
"""

WORDING = """\
language: en
name: Demo
about: A demonstration.
items:
  writing:
    short: Writing
    ask: What is in writing?
    options:
      none: {label: Nothing, short: Nothing, reason: Nothing is in writing}
      intent:
        label: A letter
        short: A letter
        reason: There is a letter
        step: {title: Write a letter, text: One page will do.}
      agreement:
        label: An agreement
        short: An agreement
        reason: There is an agreement
        step: {title: Make an agreement, text: Begin with the letter.}
        slip: If the agreement runs out
  money:
    short: Money
    ask: Does anyone pay?
    options:
      no: {label: no, short: No, reason: Nobody pays}
      yes: {label: yes, short: Yes, reason: Somebody pays}
  price:
    short: Price
    ask: How much?
    options:
      low: {label: Little, short: Little, reason: Little is paid}
      high: {label: Much, short: Much, reason: Much is paid}
placements:
  close: {name: Close, plural: Close ones, within: a close one, line: Close, about: It is close., advice: Stay.}
  loose: {name: Loose, plural: Loose ones, within: a loose one, line: Loose, about: It is loose., advice: Stay.}
  bought: {name: Bought, plural: Bought ones, within: a purchase, line: Bought, about: It is bought., advice: Stay.}
  outside: {name: Outside, plural: Others, within: another, line: Outside, about: It is outside., advice: Stay.}
marks:
  on_paper: {name: On paper, about: It is written.}
signals:
  paid: {name: Paid, about: Money changes hands.}
gains:
  reach: More people
"""

CASES = """\
cases:
  - id: signed
    text: {en: They signed.}
    keyed: close
    placements: [close]
    responses: {writing: agreement, money: "no"}
"""


class Demo:
    """The small bank in a folder of its own, changed as a test likes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for name, text in (("instrument.yaml", INSTRUMENT), ("en.yaml", WORDING), ("cases.yaml", CASES)):
            self.write(name, text)

    def write(self, name: str, text: str | bytes) -> None:
        """Write one of its files."""
        content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
        (self.folder / name).write_bytes(content)

    def change(self, old: str, new: str, name: str = "instrument.yaml") -> None:
        """Replace something that stands there once."""
        text = (self.folder / name).read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def problems(self) -> list[str]:
        """What a check says, without the folder."""
        return [self.bare(str(problem)) for problem in bank.check_bank(self.folder)]

    def places(self) -> list[str]:
        """Where a check finds something: file:line:column."""
        return [":".join(problem.split(":")[:3]) for problem in self.problems()]

    def marked(self, place: str) -> str:
        """The line that a problem is about, with a mark where it stands; `place` begins with file:line:column."""
        name, line, column, *_ = place.split(":")
        text = (self.folder / name).read_text("utf-8").splitlines()[int(line) - 1]
        return f"{text[: int(column) - 1]}▸{text[int(column) - 1 :]}".strip()

    def bare(self, text: str) -> str:
        """A text without the folder's path."""
        return text.replace(f"{self.folder}/", "")
