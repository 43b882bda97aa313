"""What is printed from the description of a bank's files and kept beside it: `python tests/bank/renewal.py`.

It writes questions/schema and the tables in questions/README.md anew; tests hold both equal to what this gives.
"""

from itertools import groupby
from pathlib import Path

from assessor.bank.json_schema import SCHEMA_NAMES, schema_text
from assessor.bank.key_help import KeyPlace, example_line, key_places, limits

QUESTIONS = Path(__file__).parents[2] / "questions"
README = QUESTIONS / "README.md"
BEGIN = "<!-- made by tests/bank/renewal.py: begin -->\n"
END = "<!-- end -->\n"


def schema_files() -> dict[Path, str]:
    """Each schema file with the text it should have."""
    return {QUESTIONS / "schema" / f"{name}.json": schema_text(name) for name in SCHEMA_NAMES}


def tables() -> str:
    """Every key by file and table."""
    return "\n".join(
        f"### {heading}\n\n{' '.join({place.table.about: None for place in group})}\n\n{_rows(group)}"
        for heading, group in ((heading, list(places)) for heading, places in groupby(key_places(), _heading))
    )


def _heading(place: KeyPlace) -> str:
    return f"{place.file}: {place.within}" if place.within else place.file


def _rows(places: list[KeyPlace]) -> str:
    rows = "".join(f"| {_name(each)} | {_about(each)} | `{_escaped(example_line(each.key))}` |\n" for each in places)
    return f"| key | what it is, and where it shows | as in |\n| --- | --- | --- |\n{rows}"


def _name(place: KeyPlace) -> str:
    return f"**`{place.key.name}`**" if place.key.required else f"`{place.key.name}`"


def _about(place: KeyPlace) -> str:
    size = limits(place.key)
    shows = f" *Shows {place.key.shows}.*" if place.key.shows else ""
    return _escaped(f"{place.key.about}{f' ({size} of them)' if size else ''}{shows}")


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def with_tables(text: str) -> str:
    """A page with the tables where they belong."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{tables()}\n{END}{after}"


if __name__ == "__main__":
    (QUESTIONS / "schema").mkdir(exist_ok=True)
    for path, text in schema_files().items():
        path.write_text(text, "utf-8")
    README.write_text(with_tables(README.read_text("utf-8")), "utf-8")
