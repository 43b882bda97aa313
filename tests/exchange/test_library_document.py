"""A library goes out whole and comes back the same, and a spoilt document is refused with its places."""

import json
from dataclasses import replace

import pytest
from collected import AWKWARD, START, assessment, collaboration, entries, history_of, profiles
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import scaled

from assessor import bank
from assessor.core.library_profile import Logo
from assessor.errors import AssessorError
from assessor.exchange import BadFile, LibraryDocument, export_library, read_export
from assessor.exchange.library_document import HistoryDisagrees
from assessor.exchange.profile_document import ProfileDocument


def _again(document: LibraryDocument) -> bytes:
    return export_library(
        document.library, document.collaborations, document.assessments, document.snapshots, document.profile
    )


def _example(dokk1, snapshot) -> tuple:
    one, two = collaboration(1), collaboration(2)
    notes = [("note", item, text) for item, text in zip(["", *dokk1.by_id], AWKWARD, strict=False)]
    given_ = [
        ("gut", "", "network"),
        ("wanted", "", "service"),
        ("response", "payment", "we_pay"),
        ("response", "price", "dont_know"),
        ("response", "payment", "none"),
        ("response", "vision", "no"),
        ("response", "vision", ""),
        ("gains", "", "ideas use"),
        ("ends", "agreement", "2027-06"),
        ("goal", "", "g1"),
        ("step", "agreement.what", "Ask for a meeting"),
        ("step", "agreement.when", "2026-11"),
        ("quoted", "", "yes"),
    ]
    first = assessment("a1", one, dokk1, given_ + notes, respondent="Respondent 1")
    return "Example Library", (one, two), (first, assessment("a2", one, dokk1, [])), {"a1": snapshot, "a2": snapshot}


def test_a_library_comes_back_as_it_went_out(dokk1, snapshot):
    library, collaborations, assessments, snapshots = _example(dokk1, snapshot)

    data = export_library(library, collaborations, assessments, snapshots)
    document = read_export(data, bank.instrument_from_snapshot)

    assert document == LibraryDocument(
        library=library, collaborations=collaborations, assessments=assessments, snapshots=snapshots
    )
    assert _again(document) == data


def test_names_of_an_earlier_version_that_look_the_same_come_in_with_numbers():
    named = [("Skolan", "läsning  nu"), ("Skolan", "läsning nu"), ("Sko\u00adlan", ""), ("Kören", "a\u030a")]
    collaborations = tuple(
        replace(collaboration(number), party=party, undertaking=undertaking)
        for number, (party, undertaking) in enumerate(named)
    )
    document = read_export(export_library("Example Library", collaborations, (), {}), bank.instrument_from_snapshot)

    assert [(each.party, each.undertaking) for each in document.collaborations] == [
        ("Skolan", "läsning nu (2)"),
        ("Skolan", "läsning nu"),
        ("Skolan (2)", ""),
        ("Kören", "å"),
    ]


def test_a_bank_stands_once_with_its_whole_text(dokk1, snapshot):
    plain = json.loads(export_library(*_example(dokk1, snapshot)))

    assert [(each["instrument"], each["version"], each["text"]) for each in plain["banks"]] == [
        ("dokk1", dokk1.version, snapshot)
    ]


def test_the_document_tells_what_the_history_amounts_to(dokk1, snapshot):
    first = json.loads(export_library(*_example(dokk1, snapshot)))["assessments"][0]

    assert first["responses"] == {"price": "dont_know", "payment": "none"}
    assert (first["gut"], first["wanted"], first["gains"]) == ("network", "service", ["ideas", "use"])
    assert first["notes"][""] == AWKWARD[0]
    assert (first["ends"], first["goal"], first["quoted"]) == ({"agreement": "2027-06"}, "g1", {"": True})
    assert first["steps"] == [{"id": "agreement", "what": "Ask for a meeting", "who": "", "when": "2026-11"}]
    assert first["history"][2] == {
        "seq": 3,
        "kind": "response",
        "item": "payment",
        "value": "we_pay",
        "at": "2026-03-01T09:30:03.000003Z",
        "key": "k3",
        "replaces": [],
        "who": "m1",
    }
    assert first["history"][4]["replaces"] == ["k3"]


def test_the_document_tells_what_the_library_says_of_itself(dokk1, snapshot):
    given_ = [("goal", "g1", "All read"), ("goal", "g2", "All meet"), ("goal", "g1", "All children read")]
    logo = Logo(media="image/png", content=b"a picture", at=START)
    profile = ProfileDocument(history=history_of(given_), logo=logo, members={"m1": "Åsa"})

    plain = json.loads(export_library(*_example(dokk1, snapshot), profile))

    assert plain["goals"] == [{"id": "g1", "text": "All children read"}, {"id": "g2", "text": "All meet"}]
    assert plain["logo"] == {"media": "image/png", "data": "YSBwaWN0dXJl", "at": "2026-03-01T09:30:00.000000Z"}
    assert plain["members"] == [{"id": "m1", "name": "Åsa"}]
    assert [entry["replaces"] for entry in plain["profile"]] == [[], [], ["k1"]]


def test_a_document_of_the_first_form_is_still_read(dokk1, snapshot):
    library, collaborations, (first, second), snapshots = _example(dokk1, snapshot)
    plain = json.loads(export_library(library, collaborations, (first, second), snapshots))
    plain["assessor"]["export"] = 1
    for key in ("goals", "logo", "members", "profile"):
        del plain[key]
    for each in plain["assessments"]:
        each["history"] = [entry for entry in each["history"] if entry["kind"] in _KINDS_OF_FORM_1]
        for seq, entry in enumerate(each["history"], 1):
            entry["seq"] = seq
            del entry["key"], entry["replaces"], entry["who"]
        for key in ("ends", "goal", "steps", "quoted"):
            del each[key]

    read = read_export(json.dumps(plain).encode(), bank.instrument_from_snapshot)

    assert read.profile == ProfileDocument()
    assert read.assessments[0].responses == first.responses
    assert read.assessments[0].notes == first.notes
    assert {(entry.key, entry.replaces, entry.who) for entry in read.assessments[0].history} == {("", (), "")}


_KINDS_OF_FORM_1 = ("response", "note", "gut", "wanted", "gains")


@settings(deadline=None, max_examples=scaled(40))
@given(
    st.lists(
        st.tuples(st.deferred(lambda: entries(bank.open_bank("dokk1").instrument)), st.sampled_from(["", "Å 1"])),
        max_size=3,
    ),
    profiles(),
)
def test_export_import_export_gives_equal_bytes(dokk1, snapshot, drawn, profile):
    assessments = tuple(
        assessment(f"a{number}", collaboration(number), dokk1, given_, respondent)
        for number, (given_, respondent) in enumerate(drawn)
    )
    collaborations = tuple(each.collaboration for each in assessments)
    out = export_library("Å", collaborations, assessments, {each.id: snapshot for each in assessments}, profile)

    document = read_export(out, bank.instrument_from_snapshot)

    assert document.assessments == tuple(replace(each, collaboration=_of(each, "Å")) for each in assessments)
    assert document.profile == profile
    assert _again(document) == out


def _of(each, library: str):
    return replace(each.collaboration, library=library)


def test_an_assessment_that_contradicts_its_history_does_not_go_out(dokk1, snapshot):
    library, collaborations, (first, *_), snapshots = _example(dokk1, snapshot)
    first.responses["vision"] = "no"

    with pytest.raises(HistoryDisagrees):
        export_library(library, collaborations, [first], snapshots)


def _spoilt(dokk1, snapshot, path: str, value: object) -> list[str]:
    """What is told of the example in which the value at a path is another, or gone when it is `...`."""
    plain = json.loads(export_library(*_example(dokk1, snapshot)))
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    around = plain
    for step in way:
        around = around[step]
    if value is ...:
        del around[last]
    else:
        around[last] = value
    with pytest.raises(BadFile) as refused:
        read_export(json.dumps(plain, ensure_ascii=False).encode(), bank.instrument_from_snapshot)
    return [problem.message(str).removeprefix("line 1, ") for problem in refused.value.problems]


_GIVEN = "export again where it was given"


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("assessor", ..., "$: this is not an export from assessor; give a file that assessor export wrote"),
        ("assessor.export", 3, "$.assessor.export: this export has format 3 and this assessor reads format 2; update"),
        ("goals", [{"id": "g1", "text": "x"}], "$.goals: this does not match the profile; export again rather than"),
        ("logo", {"media": "image/gif", "data": "YQ==", "at": "2026-03-01T09:30:00.000000Z"}, "$.logo: this is no"),
        ("logo", {"media": "image/png", "data": "?", "at": "2026-03-01T09:30:00.000000Z"}, "$.logo: this is no"),
        ("members", [{"id": "m1"}], "$.members[0]: 'name' is missing; add it"),
        ("assessments.0.ends.agreement", "2028-06", "$.assessments[0].ends: this does not match the history"),
        ("assessments.0.history.1.key", "k1", "$.assessments[0].history[1].key: the key 'k1' stands twice"),
        ("assessments.0.history.8.value", "2027-13", "$.assessments[0].history[8].value: '2027-13' is not known"),
        ("assessments.0.history.8.item", "x", "$.assessments[0].history[8].item: 'x' is not known to the bank"),
        ("assessments.0.history.10.item", "agreement.x", "$.assessments[0].history[10].item: 'agreement.x' is not"),
        ("assessments.0.history.12.value", "maybe", "$.assessments[0].history[12].value: 'maybe' is not known"),
        ("library", "", "$.library: this may not be empty; fill it in"),
        ("library", "\u00ad\n", "$.library: this may not be empty; fill it in"),
        ("library", "x" * 201, "$.library: this is 201 characters long; shorten it to 200"),
        ("more", 1, "$: the key 'more' is not known here; remove it"),
        ("collaborations", {}, "$.collaborations: this is not a list; put it in [ ]"),
        ("collaborations.1.id", "c1", "$.collaborations[1].id: the id 'c1' appears twice; remove one"),
        ("collaborations.0.id", "x", "$.assessments[0].collaboration: the collaboration 'c1' is not in the file;"),
        ("banks", [], "$.assessments[0].bank: the bank '"),
        ("banks.0.digest", "0" * 64, "$.banks[0]: this bank's text does not match its facts; export again where"),
        ("banks.0.text", "{}", "$.banks[0]: this bank cannot be used ("),
        ("assessments.0.started", "2026-02-30T00:00:00.000000Z", "$.assessments[0].started: this is not a date"),
        ("assessments.0.responses.payment", "shared", "$.assessments[0].responses: this does not match the history"),
        ("assessments.0.gut", ..., "$.assessments[0]: 'gut' is missing; add it"),
        ("assessments.0.history.3.seq", 9, "$.assessments[0].history: the entries are not numbered 1, 2, 3 …;"),
        ("assessments.0.history.3.seq", True, "$.assessments[0].history[3].seq: this is not a whole number; write"),
        ("assessments.0.history.3.kind", "x", "$.assessments[0].history[3].kind: 'x' is not a kind of entry; choose"),
        ("assessments.0.history.3.item", "x", "$.assessments[0].history[3].item: 'x' is not known to the bank"),
        ("assessments.0.history.3.value", "x", "$.assessments[0].history[3].value: 'x' is not known to the bank"),
        ("assessments.0.history.0.value", "x", "$.assessments[0].history[0].value: 'x' is not known to the bank"),
        ("assessments.0.history.7.value", "use  ideas", "$.assessments[0].history[7].value: 'use  ideas' is not"),
        ("assessments.0.history.14.value", "x" * 4001, "$.assessments[0].history[14].value: this is 4001 characters"),
        ("assessments.0.history.9", 5, "$.assessments[0].history[9]: this is not an object; write it as { … }"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_a_spoilt_document_is_refused_with_the_place(dokk1, snapshot, path, value, told):
    assert _spoilt(dokk1, snapshot, path, value)[0].startswith(told)


def test_the_refusal_of_a_note_does_not_show_the_note(dokk1, snapshot):
    told = _spoilt(dokk1, snapshot, "assessments.0.history.14.value", "candid " * 600)

    assert "candid" not in "".join(told)


def test_places_are_told_by_the_lines_of_the_document(dokk1, snapshot):
    data = export_library(*_example(dokk1, snapshot)).replace(b'"value":"we_pay"', b'"value":"we_play"')

    with pytest.raises(BadFile) as refused:
        read_export(data, bank.instrument_from_snapshot)

    line = refused.value.problems[0].place.line
    assert b"we_play" in data.splitlines()[line - 1]


def test_an_older_bank_s_responses_stay_with_it(dokk1, snapshot):
    older = snapshot.replace('version: \\"1.1\\"', 'version: \\"0.9\\"')
    instrument = bank.open_snapshot(older).instrument
    one = collaboration(1)
    both = (assessment("a1", one, instrument, [("gut", "", "network")]), assessment("a2", one, dokk1, []))

    document = read_export(
        export_library("Example", [one], both, {"a1": older, "a2": snapshot}), bank.instrument_from_snapshot
    )

    assert instrument.version == "0.9"
    assert [(each.version, document.snapshots[each.id]) for each in document.assessments] == [
        ("0.9", older),
        (dokk1.version, snapshot),
    ]


_ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just(START.isoformat()),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=3), parts, max_size=3),
    max_leaves=6,
)


@settings(deadline=None, max_examples=scaled(150))
@given(st.data())
def test_only_our_refusals_escape_from_a_document_spoilt_anywhere(dokk1, snapshot, data):
    plain = json.loads(export_library(*_example(dokk1, snapshot)))
    around, steps = plain, data.draw(st.integers(0, 5))
    while True:
        key = data.draw(st.sampled_from(sorted(around) if isinstance(around, dict) else range(len(around))))
        if not steps or not isinstance(around[key], dict | list) or not around[key]:
            break
        around, steps = around[key], steps - 1
    around[key] = data.draw(_ODD)

    read = _read(json.dumps(plain).encode())

    assert isinstance(read, LibraryDocument) or len(str(read).split("\n")) <= 5


def _read(data: bytes) -> LibraryDocument | AssessorError:
    try:
        return read_export(data, bank.instrument_from_snapshot)
    except AssessorError as error:
        return error
