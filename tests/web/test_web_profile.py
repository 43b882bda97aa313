"""What a library says of itself, on its own pages: goals, the next assessment, its logo, and the calendar."""

import pytest
from web_pages import OURS, sheet

LIBRARY = "The Example Library"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4v4H0z"/></svg>'


@pytest.fixture
def profile(store):
    def read():
        with store() as kept:
            return kept.profiles.get(LIBRARY)

    return read


def goal_fields(profile, text: str) -> list[tuple[str, str]]:
    return [("goal", next(id_ for id_, said in profile().goals.items() if said == text))]


def test_a_goal_is_added_reworded_and_removed(owner, begun, profile):
    add = [("key", "0" * 20), ("act", "add"), ("added", "All children read")]
    assert owner.post("/profile/goals", add).status_code == 303
    assert owner.post("/profile/goals", add).status_code == 303
    assert list(profile().goals.values()) == ["All children read"]
    other = [("key", "1" * 20), ("act", "reword"), ("words", "Every <b>child</b> reads")]
    assert owner.post("/profile/goals", [*other, *goal_fields(profile, "All children read")]).status_code == 303
    assert list(profile().goals.values()) == ["Every <b>child</b> reads"]
    assert "<b>child" not in owner.get("/profile").text
    gone = [("key", "2" * 20), ("act", "remove")]
    assert owner.post("/profile/goals", [*gone, *goal_fields(profile, "Every <b>child</b> reads")]).status_code == 303

    assert profile().goals == {}


def test_a_goal_that_is_served_goes_only_when_it_was_said_by_what(owner, answered, profile):
    owner.fill(f"{answered}/q/strategy", ("response", "goal"))
    owner.fill(f"{answered}/goal", ("typed", "All children read"))
    fields = [("key", "3" * 20), ("act", "remove"), *goal_fields(profile, "All children read")]
    asked = owner.post("/profile/goals", fields)

    assert asked.status_code == 422
    assert "“All children read” is served by Example School · Evenings." in sheet(asked.text).text
    assert list(profile().goals.values()) == ["All children read"]
    assert owner.post("/profile/goals", [*fields, ("sure", "yes")]).status_code == 303
    assert profile().goals == {}


@pytest.mark.parametrize(("typed", "status", "kept"), [("6/2027", 303, "2027-06"), ("soon", 422, ""), ("", 303, "")])
def test_the_next_assessment_has_the_month_that_is_chosen(owner, begun, profile, typed, status, kept):
    assert owner.fill("/profile", ("month", typed), action="/profile/next").status_code == status
    assert profile().next_month == kept


def test_the_calendar_has_the_month_that_is_chosen(owner, answered):
    owner.fill("/profile", ("month", "6/2027"), action="/profile/next")
    given = owner.get("/calendar.ics")

    assert given.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "DTSTART;VALUE=DATE:20270601" in given.text
    assert '"/calendar.ics"' in owner.get("/documents").text


@pytest.mark.parametrize(
    ("content", "status"), [(SVG, 303), (b"no picture", 422), (SVG.replace(b"path d", b"x y"), 422)]
)
def test_a_logo_is_kept_cleaned_shown_and_removed(owner, begun, profile, content, status):
    fields = next(
        form["fields"] for form in sheet(owner.get("/profile").text).forms if form["action"] == "/profile/logo"
    )
    sent = owner.client.post("/profile/logo", data=dict(fields), files={"file": ("a.svg", content)}, headers=OURS)

    assert sent.status_code == status
    assert (profile().logo is not None) is (status == 303)
    assert ("data:image/svg+xml;base64," in owner.get("/profile").text) is (status == 303)
    assert owner.post("/profile/logo", [("key", "4" * 20), ("act", "remove")]).status_code == 303
    assert profile().logo is None
