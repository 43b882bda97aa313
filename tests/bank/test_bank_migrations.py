"""How answers to an older version of a bank go on: read, checked, and used by the use cases and the report."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from demo_bank import Demo

from assessor import bank
from assessor.bank import open_bank
from assessor.core.history import MigratedResponses, Migration, MigrationReview, Move
from assessor.report.library.view import report_view
from assessor.store import Store
from assessor.usecases.assessments import Assessments, NoMigrationPath
from assessor.usecases.reporting import library_report

WAY = """\
migrations:
  - from: "1"
    to: "2"
    renamed: {money: costs}
    moves:
      - {when: {writing: agreement}, gives: {paper: signed}}
"""


def newer(demo: Demo) -> None:
    """Version 2: money is called costs, and writing became paper."""
    demo.change('version: "1"', 'version: "2"')
    text = (demo.folder / "instrument.yaml").read_text("utf-8")
    text = text.replace("id: money", "id: costs").replace("{money:", "{costs:")
    text = text.replace("id: writing", "id: paper").replace("{writing:", "{paper:")
    text = text.replace("agreement", "signed")
    demo.write("instrument.yaml", text)
    words = (demo.folder / "en.yaml").read_text("utf-8")
    demo.write(
        "en.yaml",
        words.replace("  money:", "  costs:").replace("  writing:", "  paper:").replace("agreement:", "signed:"),
    )
    demo.write("cases.yaml", 'cases:\n  - {id: signed, placements: [close], responses: {paper: signed, costs: "no"}}\n')


def test_a_bank_without_migrations_has_none(demo: Demo):
    assert bank.open_bank(demo.folder).migrations == ()


def test_migrations_are_read_as_they_stand(demo: Demo):
    newer(demo)
    demo.write("migrations.yaml", WAY)

    assert demo.problems() == []
    assert bank.open_bank(demo.folder).migrations == (
        Migration(
            before="1",
            after="2",
            renamed={"money": "costs"},
            moves=(Move(when={"writing": "agreement"}, gives={"paper": "signed"}),),
        ),
    )


def test_every_problem_of_the_migrations_is_told_at_once_with_its_place(demo: Demo):
    newer(demo)
    demo.write(
        "migrations.yaml",
        """\
migrations:
  - {from: "1", to: "2", renamed: {money: cost}, moves: [{when: {writing: none}, gives: {paper: gone}}]}
  - {from: "1", to: "2"}
  - {from: "0", to: "1.5"}
  - {from: "0.5", to: "1", rename: {a: b}}
""",
    )

    assert demo.problems() == [
        "migrations.yaml:2:43: there is no item cost in version 2; the nearest is costs",
        "migrations.yaml:2:97: the item paper has no option gone; the nearest is none, out of: none, intent, signed",
        "migrations.yaml:3:12: the way from version 1 stands already on line 2; write one way from each version",
        "migrations.yaml:4:21: version 1.5 leads nowhere; the bank is version 2, so write how answers go on from 1.5 "
        "to there",
        "migrations.yaml:5:28: the key rename is not known here; the nearest is renamed, out of: from, to, renamed, "
        "moves, readings, asked_anew",
    ]


def keep(demo: Demo, version: str = "1") -> None:
    """The bank as it stands, kept as an earlier version."""
    folder = demo.folder / "versions" / version
    folder.mkdir(parents=True)
    for name in ("instrument.yaml", "en.yaml"):
        (folder / name).write_text((demo.folder / name).read_text("utf-8"), "utf-8")


def test_the_side_that_a_migration_comes_from_is_checked_where_that_version_is_kept(demo: Demo):
    keep(demo)
    newer(demo)
    demo.write(
        "migrations.yaml",
        """\
migrations:
  - from: "1"
    to: "2"
    renamed: {mony: costs}
    moves: [{when: {writing: nonee}, gives: {paper: none}}]
    asked_anew: [prise]
    readings: {writing: {agreemnt: [signed, none]}, price: {low: [low, lowest]}, gone: {a: [b]}}
""",
    )

    assert demo.problems() == [
        "migrations.yaml:4:15: there is no item mony in version 1; the nearest is money",
        "migrations.yaml:5:30: the item writing has no option nonee; the nearest is none, out of: none, intent, "
        "agreement",
        "migrations.yaml:6:18: there is no item prise in version 1; the nearest is price",
        "migrations.yaml:7:16: there is no item writing in version 2; the nearest is price",
        "migrations.yaml:7:26: the item writing has no option agreemnt; the nearest is agreement, out of: none, "
        "intent, agreement",
        "migrations.yaml:7:72: the item price has no option lowest; the nearest is low, out of: low, high",
        "migrations.yaml:7:82: there is no item gone in version 1; the nearest is money",
        "migrations.yaml:7:82: there is no item gone in version 2; the nearest is price",
    ]


def test_what_is_wrong_in_a_kept_version_is_told_with_its_file(demo: Demo):
    keep(demo, "1.0")
    text = (demo.folder / "versions" / "1.0" / "instrument.yaml").read_text("utf-8")
    (demo.folder / "versions" / "1.0" / "instrument.yaml").write_text(text.replace("id: bought", "id: loose"), "utf-8")

    problems = demo.problems()
    kept = "an earlier version is kept here, so 1.0 is needed and not 1; name the folder by its version"
    assert [each for each in problems if each.endswith(kept)] == [f"versions/1.0/instrument.yaml:2:10: {kept}"]
    assert all("versions/1.0/" in each for each in problems)


def test_a_bank_gives_the_versions_it_keeps_and_no_others(demo: Demo):
    keep(demo)
    newer(demo)
    opened = open_bank(demo.folder)
    kept = opened.earlier("1")

    assert opened.earlier_versions == ("1",)
    assert kept is not None
    assert (kept.instrument.version, list(kept.instrument.by_id)) == ("1", ["writing", "money", "price"])
    assert [opened.earlier(version) for version in ("2", "..", "")] == [None, None, None]


def test_ways_that_go_in_circles_lead_nowhere(demo: Demo):
    newer(demo)
    demo.write("migrations.yaml", 'migrations:\n  - {from: "0", to: "1"}\n  - {from: "1", to: "0"}\n')

    assert [problem.split(";")[0] for problem in demo.problems()] == [
        "migrations.yaml:2:21: version 1 leads nowhere",
        "migrations.yaml:3:21: version 0 leads nowhere",
    ]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "kept.db", create=True) as opened:
        yield opened


def answered(demo: Demo, store: Store) -> None:
    """One collaboration, answered under version 1 before the bank became version 2."""
    at = assessments(demo, store)
    opened = at.begin(at.add_collaboration("Example Club", "Chess"))
    for item, option in (("writing", "agreement"), ("money", "yes"), ("price", "low")):
        opened = at.respond(opened, item, option, key=item)
    at.record_note(opened, "money", "They pay for the room.", "n1")
    at.record_note(opened, "", "Ask again in spring.", "n2")
    newer(demo)


def assessments(demo: Demo, store: Store) -> Assessments:
    """The library's assessments, by the bank as it is now."""
    return Assessments(store, "Example Library", open_bank(demo.folder))


def latest(at: Assessments):
    return at.list_collaborations()[0].loaded


def test_earlier_answers_go_over_by_the_migration_and_stay_where_they_were(demo: Demo, store: Store):
    answered(demo, store)
    demo.write("migrations.yaml", WAY)
    at = assessments(demo, store)
    before = latest(at)
    renewed = at.renew(before)

    assert renewed.responses == {"paper": "signed", "costs": "yes", "price": "low"}
    assert renewed.assessment.notes == {"costs": "They pay for the room.", "": "Ask again in spring."}
    assert (renewed.assessment.version, before.assessment.version) == ("2", "1")
    assert store.assessment(before.assessment.id) == before.assessment
    assert latest(at).assessment.id == renewed.assessment.id


SPLIT = """\
migrations:
  - from: "1"
    to: "2"
    renamed: {money: costs}
    readings: {writing: {agreement: [signed, none]}}
"""


def split(demo: Demo) -> None:
    """Version 2: money is called costs, and an agreement may mean a signed one or none."""
    demo.change('version: "1"', 'version: "2"')
    text = (demo.folder / "instrument.yaml").read_text("utf-8")
    demo.write("instrument.yaml", text.replace("agreement", "signed").replace("money", "costs"))
    words = (demo.folder / "en.yaml").read_text("utf-8")
    demo.write("en.yaml", words.replace("agreement:", "signed:").replace("  money:", "  costs:"))
    demo.write(
        "cases.yaml", 'cases:\n  - {id: signed, placements: [close], responses: {writing: signed, costs: "no"}}\n'
    )
    demo.write("migrations.yaml", SPLIT)


@pytest.mark.parametrize(
    ("responses", "review"),
    [
        (
            {"writing": "agreement", "money": "no"},
            MigrationReview(
                before=("close",),
                after=("close", "outside"),
                carried=MigratedResponses(
                    responses={"costs": "no"}, dropped={}, asked_again={"writing": ("signed", "none")}
                ),
                readings={"writing": {"signed": ("close",), "none": ("outside",)}},
            ),
        ),
        (
            {"writing": "agreement", "money": "yes", "price": "high"},
            MigrationReview(
                before=("bought",),
                after=("bought",),
                carried=MigratedResponses(responses={"writing": "signed", "costs": "yes", "price": "high"}, dropped={}),
                readings={},
            ),
        ),
    ],
    ids=["parts the placement", "parts nothing"],
)
def test_an_item_is_asked_again_only_where_its_readings_part_the_placement(demo: Demo, store: Store, responses, review):
    at = assessments(demo, store)
    opened = at.begin(at.add_collaboration("Example Club", "Chess"))
    for item, option in responses.items():
        opened = at.respond(opened, item, option, key=item)
    split(demo)
    at = assessments(demo, store)
    before = latest(at)

    assert at.review(before) == review
    assert len(store.assessments()) == 1
    assert at.renew(before).responses == dict(review.carried.responses)


def test_answers_go_over_where_a_bank_was_mended_without_a_new_version(demo: Demo, store: Store):
    at = assessments(demo, store)
    opened = at.respond(at.begin(at.add_collaboration("Example Club", "Chess")), "writing", "agreement", key="k")
    text = (demo.folder / "instrument.yaml").read_text("utf-8")
    demo.write("instrument.yaml", "# Mended.\n" + text)

    assert assessments(demo, store).renew(opened).responses == {"writing": "agreement"}


def test_another_questionnaires_answers_never_go_over(demo: Demo, store: Store):
    other = Assessments(store, "Example Library", open_bank("winwin"))
    opened = other.begin(other.add_collaboration("Example Club", "Chess"))
    newer(demo)
    demo.write("migrations.yaml", 'migrations:\n  - {from: "1.0", to: "2"}\n')

    with pytest.raises(NoMigrationPath):
        assessments(demo, store).renew(opened)


def test_without_a_way_nothing_goes_over_and_nothing_is_begun(demo: Demo, store: Store):
    answered(demo, store)
    at = assessments(demo, store)

    with pytest.raises(NoMigrationPath, match="version 1 of the questions, and nothing says how"):
        at.renew(latest(at))
    assert len(store.assessments()) == 1


def test_the_report_tells_what_the_questions_did_and_what_they_do_not_understand(demo: Demo, store: Store):
    answered(demo, store)
    demo.write("migrations.yaml", WAY.replace("{writing: agreement}", "{writing: intent}"))
    made = library_report(store, "Example Library", open_bank(demo.folder), "en")
    (page,) = report_view(made.report).pages
    day = page.answered_on

    assert made.report.rescored == ("Example Club · Chess",)
    assert page.story == (
        f"{day} to {day}: 1 Close became 1 Close, 2 Loose or outside because the questions changed; the earlier "
        "answers would be placed so by the later questions.",
        f"Some answers from {day} have no place in today's questions: writing.",
    )


def keep_first_version(demo: Demo) -> None:
    """Keep the demo bank as it is under versions/1, and go on from there."""
    kept = demo.folder / "versions" / "1"
    kept.mkdir(parents=True)
    for name in ("instrument.yaml", "en.yaml", "cases.yaml"):
        (kept / name).write_bytes((demo.folder / name).read_bytes())


def test_a_version_that_is_kept_and_leads_nowhere_is_told(demo: Demo):
    keep_first_version(demo)
    newer(demo)
    demo.write("migrations.yaml", WAY.replace('from: "1"', 'from: "I"'))

    assert demo.problems() == [
        "migrations.yaml:1:1: no migration leads on from version 1, which the bank keeps; "
        "add one from there, or correct a `from`"
    ]


def test_an_option_or_an_item_that_is_gone_without_a_word_is_told(demo: Demo):
    keep_first_version(demo)
    newer(demo)
    demo.write("migrations.yaml", 'migrations:\n  - {from: "1", to: "2", renamed: {writing: paper}}\n')

    assert demo.problems() == [
        "migrations.yaml:2:12: the item writing has no option agreement in version 2 any more, and nothing says what "
        "becomes of it; name it in a `when` under `moves`, or under `readings`, or the item under `asked_anew`",
        "migrations.yaml:2:12: version 2 has no item money any more, and nothing says how its responses go on; "
        "name it under `renamed`, in a `when` under `moves`, or under `asked_anew`",
    ]


def test_what_goes_on_somehow_is_not_told(demo: Demo):
    keep_first_version(demo)
    newer(demo)
    way = 'migrations:\n  - {from: "1", to: "2", asked_anew: [money], renamed: {writing: paper}, '
    demo.write("migrations.yaml", way + "moves: [{when: {writing: agreement}, gives: {paper: signed}}]}\n")

    assert demo.problems() == []


def test_a_version_that_is_not_kept_is_said_to_be_unchecked(demo: Demo):
    newer(demo)
    demo.write("migrations.yaml", WAY)

    assert bank.check_scope(bank.open_bank(demo.folder)).unkept_versions == ("1",)
