"""The list of one's own collaborations: one page goes by one set of rules, and says so where others gave it."""

import re

import pytest
from web_pages import LIBRARY, SERVICE

from assessor.bank import open_bank
from assessor.store import Store
from assessor.usecases.assessments import Assessments, new_key


def answer(bank, party, responses):
    with Store.open() as store:
        at = Assessments(store, LIBRARY, bank)
        opened = at.begin(at.add_collaboration(party, ""))
        for step, value in {"<gut>": "dont_know", **responses}.items():
            opened = at.respond(opened, step, value, new_key())
        if bank.instrument.gains:
            at.respond(opened, "<gains>", "", new_key())


@pytest.fixture
def groups(owner):
    """By its heading, what stands in each group of the list."""

    def read():
        sections = re.findall('<section class="group.*?</section>', owner.get("/").text, re.DOTALL)
        texts = [re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", section)).strip() for section in sections]
        return {text: text for text in texts}

    return read


def test_the_list_stands_by_todays_rules_as_its_picture_does_and_says_by_which_else(owner, groups, home):
    earlier = open_bank("dokk1").earlier("1.0")
    answer(earlier, "Example School", {**SERVICE, "respect": "no", "control": "together"})
    page = owner.get("/").text
    [service] = [text for text in groups() if "Service-based partnerships" in text]

    assert "Example School" in service
    assert "by the rules it was answered under: a network cooperation" in service
    assert re.search(r"<title>[^<]*Example School[^<]*</title>|Example School: [^<]*[Ss]ervice-based", page)


def test_what_another_questionnaire_placed_stands_under_its_own_name(owner, groups, home):
    winwin = open_bank("winwin")
    answer(open_bank("dokk1"), "Example School", SERVICE)
    answer(winwin, "Example Club", {item.id: item.options[-1] for item in winwin.instrument.items if not item.when})
    texts = list(groups())

    assert [text for text in texts if "Example Club" in text and "Another questionnaire" in text] == texts[-1:]
    assert not any("Not settled yet" in text and "Example Club" in text for text in texts)


def test_the_page_of_a_verdict_says_by_which_rules_it_is_told(owner, home):
    answer(open_bank("dokk1").earlier("1.0"), "Example School", {**SERVICE, "respect": "no", "control": "together"})
    with Store.open(write=False) as store:
        [kept] = store.assessments(library=LIBRARY)
    page = owner.get(f"/a/{kept.id}/verdict").text

    assert "Placed by the rules of version 1.0, under which it was answered." in page
    assert "By the rules of today: Service-based partnership." in page
