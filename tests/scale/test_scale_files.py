"""Files of answers placed into files: the same verdicts, whatever the form, and nothing written of a bad one."""

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from columns import sheets, told

from assessor import bank
from assessor.output_files import OutputExists
from assessor.scale import duckdb_sandbox
from assessor.scale.errors import BadHeading, BadJsonLines, BadRows, CannotRead, UnknownFileFormat, UnsupportedEncoding
from assessor.scale.file_placement import FilePlacer, PlacementOptions


@pytest.fixture(scope="module")
def placer():
    return FilePlacer(bank.open_bank("dokk1").instrument)


def write_csv(path, rows, items, delimiter=","):
    lines = [["id", "name", *items]]
    lines += [[str(n), f"Förening {n}", *(row.get(item, "") for item in items)] for n, row in enumerate(rows)]
    path.write_text("".join(delimiter.join(line) + "\r\n" for line in lines), encoding="utf-8")


def write_jsonl(path, rows, items):
    path.write_text(
        "".join(
            json.dumps({"id": str(n), "name": f"Förening {n}", "responses": row}) + "\n" for n, row in enumerate(rows)
        ),
        encoding="utf-8",
    )


def write_parquet(path, rows, items):
    table = path.with_suffix(".made.csv")
    write_csv(table, rows, items)
    with duckdb.connect() as database:
        database.execute(f"COPY (SELECT * FROM read_csv('{table}', all_varchar = true)) TO '{path}' (FORMAT parquet)")


WRITERS = {"csv": write_csv, "jsonl": write_jsonl, "parquet": write_parquet}


def read(path):
    reader = {".parquet": "read_parquet", ".csv": "read_csv", ".jsonl": "read_json"}[path.suffix]
    more = ", all_varchar = true, nullstr = ''" if path.suffix == ".csv" else ""
    with duckdb.connect() as database:
        return database.execute(f"SELECT * FROM {reader}('{path}'{more})").fetchall()


def way_told(way):
    return way and " ".join(f"{change.item}={change.after}" for change in way.changes)


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_every_form_gives_the_verdicts_of_its_rows(placer, tmp_path, form):
    rows = sheets(placer.instrument, 200)
    file, out = tmp_path / f"in.{form}", tmp_path / "out.parquet"
    WRITERS[form](file, rows, [item.id for item in placer.instrument.items])
    placed = placer.place_file(file, out, PlacementOptions(way_up=True))

    assert (placed.rows, placed.absent_items) == (200, ())
    for n, (row, (id_, name, *found)) in enumerate(zip(rows, read(out), strict=True)):
        placements, level, most, way = told(placer.instrument, row)
        assert (id_, name) == (str(n), f"Förening {n}")
        assert found == [placements, level, most, way_told(way), way and way.cost]


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_every_form_is_written(placer, tmp_path, form):
    rows = sheets(placer.instrument, 30)
    file, out = tmp_path / "in.csv", tmp_path / f"out.{form}"
    write_csv(file, rows, [item.id for item in placer.instrument.items])
    placer.place_file(file, out, PlacementOptions())
    found = [told(placer.instrument, row) for row in rows]
    if form == "csv":
        expected = [(" ".join(each[0]), str(each[1]) if each[1] else None, each[2]) for each in found]
    else:
        expected = [each[:3] for each in found]

    assert [row[2:] for row in read(out)] == expected
    assert out.stat().st_mode & 0o777 == 0o600


def test_a_bit_set_comes_with_its_legend(placer, tmp_path):
    file, out = tmp_path / "in.csv", tmp_path / "out.parquet"
    write_csv(file, [{}], ["creation"])
    placer.place_file(file, out, PlacementOptions(placements_format="bits"))
    with duckdb.connect() as database:
        kept = dict(database.execute(f"SELECT key, value FROM parquet_kv_metadata('{out}')").fetchall())

    assert read(out) == [("0", "Förening 0", 63, None, "payment")]
    assert kept[b"placements"] == b"1=strategic 2=service 4=network 8=supplier 16=customer 32=outside"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_nordic_spreadsheet_is_read_whatever_parts_its_columns(placer, tmp_path, delimiter):
    file, out = tmp_path / "in.csv", tmp_path / "out.jsonl"
    text = delimiter.join(("id", "score", "creation")) + "\r\n" + delimiter.join(("007", '"3,5"', "joint")) + "\r\n"
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    placer.place_file(file, out, PlacementOptions())

    assert [(row[0], row[1]) for row in read(out)] != []
    assert json.loads(out.read_text("utf-8").splitlines()[0])["score"] == "3,5"
    assert json.loads(out.read_text("utf-8").splitlines()[0])["id"] == "007"


def refused(placer, file, kind):
    out = file.with_name("out.parquet")
    with pytest.raises(kind) as caught:
        placer.place_file(file, out, PlacementOptions())
    assert not out.exists()
    assert not list(file.parent.glob(".assessor-*"))
    return str(caught.value)


def test_an_old_encoding_is_refused_by_name_with_the_delimiter(placer, tmp_path):
    file = tmp_path / "in.csv"
    file.write_bytes("id;creation;namn\r\n1;joint;Höör\r\n".encode("cp1252"))

    assert "text in cp1252, with ';' between the columns" in refused(placer, file, UnsupportedEncoding)
    file.write_bytes("id\tcreation\r\n".encode("utf-16"))
    assert "text in utf-16, with '\\t'" in refused(placer, file, UnsupportedEncoding)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_every_response_that_is_none_is_told_with_its_row(placer, tmp_path, form):
    file = tmp_path / f"in.{form}"
    rows = [
        {"creation": "joint"},
        {"creation": "Joint", "price": "cost"},
        {"price": "dont_know"},
        {"price": "x\x1b[2J"},
    ]
    WRITERS[form](file, rows, ["creation", "price"])
    at = 1 if form == "parquet" else 2

    assert refused(placer, file, BadRows).splitlines()[1:] == [
        f"row {at + 1}, creation: 'Joint' is not one of: none, ready, parallel, joint, dont_know",
        f"row {at + 3}, price: 'x‹U+001B›[2J' is not one of: delivery, mixed, cost, dont_know",
    ]


def test_many_problems_are_told_up_to_a_limit(placer, tmp_path):
    file = tmp_path / "in.csv"
    write_csv(file, [{"creation": f"no {n}"} for n in range(5000)], ["creation"])
    lines = refused(placer, file, BadRows).splitlines()

    assert (len(lines), lines[-1]) == (22, "… and more")


def test_a_row_beyond_the_first_batches_is_told_by_its_number(placer, tmp_path):
    file = tmp_path / "in.parquet"
    with duckdb.connect() as database:
        made = "SELECT CASE WHEN n = 299999 THEN 'bad' ELSE 'joint' END AS creation FROM range(300000) t(n)"
        database.execute(f"COPY ({made}) TO '{file}' (FORMAT parquet)")

    assert "row 300000, creation: 'bad'" in refused(placer, file, BadRows)


@pytest.mark.parametrize(
    ("text", "told_"),
    [
        ('creation,price\njoint,cost\njoint,"cost\njoint,cost\n', "row 3: "),
        ("creation,price\njoint\n", "row 2: "),
        ("creation,price\njoint,cost,x\n", "row 2: "),
    ],
)
def test_a_torn_csv_file_is_refused_by_row(placer, tmp_path, text, told_):
    file = tmp_path / "in.csv"
    file.write_text(text, encoding="utf-8")

    assert told_ in refused(placer, file, BadRows)


@pytest.mark.parametrize(
    ("text", "told_"),
    [
        ("creation,Creation\n", "appears twice"),
        ("creation,level\n", "the same name as one that is written"),
        ("a;b\n1;2\n", "no column is named as an item of dokk1; the heading reads: a, b"),
        ("creation,\njoint,\n", "column 2 has no name"),
        ("", "it is empty"),
        ("creation\njo\0int\n", "NUL"),
        ("creation," + ",".join(f"c{n}" for n in range(1001)) + "\n", "more than 1000 columns"),
    ],
)
def test_a_heading_that_cannot_be_used_is_told(placer, tmp_path, text, told_):
    file = tmp_path / "in.csv"
    file.write_text(text, encoding="utf-8")

    assert told_ in refused(placer, file, BadHeading)


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "a", "responses": {"creation": "joint", "creation": "ready"}}',
        '{"id": "a", "id": "b", "responses": {}}',
        '{"id": "a", "responses": {"no such item": "x"}}',
        '{"id": "a", "responses": {"creation": "no such option"}}',
        '{"id": "a", "responses": {"creation": ["joint"]}}',
        '{"id": "a", "responses": []}',
        '{"id": null, "responses": {}}',
        '{"responses": {}}',
        '{"id": "\\ud800", "responses": {}}',
        '{"id": "a", "responses": {}} {}',
        "[" * 100_000,
        '{"id": "' + "a" * 1_100_000 + '", "responses": {}}',
    ],
)
def test_lines_of_json_that_are_no_cases_are_refused(placer, tmp_path, line):
    file = tmp_path / "in.jsonl"
    file.write_text('{"id": "first", "responses": {"creation": "joint"}}\n' + line + "\n", encoding="utf-8")

    refused(placer, file, BadJsonLines)


def test_a_parquet_file_of_noise_or_of_numbers_is_refused(placer, tmp_path):
    file = tmp_path / "in.parquet"
    file.write_bytes(b"PAR1" + bytes(range(256)) * 16 + b"PAR1")
    refused(placer, file, CannotRead)
    with duckdb.connect() as database:
        database.execute(f"COPY (SELECT 1 AS creation) TO '{file}' (FORMAT parquet)")

    assert "the column creation holds INTEGER" in refused(placer, file, BadHeading)


def test_a_file_is_not_written_over_unless_told(placer, tmp_path):
    file, out = tmp_path / "in.csv", tmp_path / "out.csv"
    write_csv(file, [{}], ["creation"])
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputExists):
        placer.place_file(file, out, PlacementOptions())
    assert out.read_text("utf-8") == "mine"
    placer.place_file(file, out, PlacementOptions(overwrite=True))

    assert out.read_text("utf-8").startswith("id,name,placements")
    with pytest.raises(UnknownFileFormat):
        placer.place_file(file, tmp_path / "out.xlsx", PlacementOptions())


@pytest.mark.parametrize("name", ["a*b", "[1]", "it's", "a;b", "http:", "x=1"])
def test_a_file_may_be_called_anything(placer, tmp_path, name):
    (tmp_path / name).mkdir()
    file, out = tmp_path / name / f"{name}.csv", tmp_path / name / f"{name}.parquet"
    write_csv(file, [{}], ["creation"])
    placer.place_file(file, out, PlacementOptions())
    placer.place_file(out.with_suffix(".csv"), out, PlacementOptions(overwrite=True))

    assert len(read(next((tmp_path / name).glob("*.parquet")).rename(tmp_path / "plain.parquet"))) == 1


def test_hostile_columns_are_names_and_texts_and_nothing_else(placer, tmp_path):
    file, out = tmp_path / "in.csv", tmp_path / "out.jsonl"
    names = ["a'); COPY (SELECT 1) TO 'x'; --", "{file}", "${x}", "it's", "/*", "code creation"]
    file.write_text(",".join((*names, "creation")) + "\n" + ",".join((*names, "joint")) + "\n", encoding="utf-8")
    placer.place_file(file, out, PlacementOptions())
    (found,) = map(json.loads, out.read_text("utf-8").splitlines())

    assert [found[name] for name in names] == names


def test_a_formula_in_a_carried_column_is_text_in_csv(placer, tmp_path):
    file, out = tmp_path / "in.csv", tmp_path / "out.csv"
    file.write_text('name,creation\n=1+1,joint\n-3,joint\n@x,joint\n"\t=1",joint\n＝1,joint\n', encoding="utf-8")
    placer.place_file(file, out, PlacementOptions())

    assert [row[0] for row in read(out)] == ["'=1+1", "-3", "'@x", "'\t=1", "'＝1"]


def test_the_database_opens_nothing_but_what_it_is_handed(tmp_path):
    file = tmp_path / "in.csv"
    file.write_text("a\n1\n", encoding="utf-8")
    with duckdb_sandbox.sandboxed_database({"in": file}, 1) as (database, names):
        assert database.execute(f"SELECT * FROM read_csv({names['in']})").fetchall() == [(1,)]
        for query in (
            "SELECT * FROM read_csv('/etc/passwd')",
            f"COPY (SELECT 1) TO '{tmp_path / 'made.csv'}'",
            f"ATTACH '{tmp_path / 'made.db'}'",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
            "SET enable_external_access = true",
            "SET memory_limit = '10GB'",
        ):
            with pytest.raises(duckdb.Error):
                database.execute(query)

    assert sorted(each.name for each in tmp_path.iterdir()) == ["in.csv"]


FLAT = """
import resource, sys
from pathlib import Path
from assessor import bank
from assessor.scale.file_placement import FilePlacer, PlacementOptions
placer = FilePlacer(bank.open_bank("winwin").instrument)
placer.place_file(Path(sys.argv[1]), Path(sys.argv[2]), PlacementOptions(overwrite=True))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_memory_does_not_grow_with_the_file(tmp_path):
    used = {}
    item = bank.open_bank("winwin").instrument.items[0]
    for rows in (300_000, 3_000_000):
        file = tmp_path / "in.parquet"
        with duckdb.connect() as database:
            made = f"SELECT 'collaboration ' || n AS id, '{item.options[0]}' AS {item.id} FROM range({rows}) t(n)"
            database.execute(f"COPY ({made}) TO '{file}' (FORMAT parquet)")
        command = (sys.executable, "-c", FLAT, str(file), str(tmp_path / "out.parquet"))
        used[rows] = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    assert used[3_000_000] < used[300_000] + 150


def test_nothing_is_written_in_the_home_of_the_person(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    file = tmp_path / "in.csv"
    write_csv(file, [{}], ["creation"])
    env = {"HOME": str(home), "ASSESSOR_HOME": str(tmp_path / "assessor"), "PATH": "/usr/bin:/bin"}
    command = (sys.executable, "-m", "assessor", "place", str(file), "-o", str(tmp_path / "out.parquet"))
    done = subprocess.run(command, env=env, cwd=Path(__file__).parents[2], capture_output=True, check=False)

    assert (done.returncode, done.stdout) == (0, b"")
    assert list(home.iterdir()) == []
