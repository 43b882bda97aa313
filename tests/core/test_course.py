"""Leading a room: one press after another from joining to the close, by what the board shows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assessor.core.course import (
    Beat,
    CourseCase,
    CourseCollaboration,
    CourseRoom,
    beat_id,
    course_minutes,
    minutes_behind,
    next_beat,
)

EMPTY = CourseRoom(stage="join", subject="", cases=(), collaborations=())


def collaboration(id_: str, items: str = "", *, enough: bool = True) -> CourseCollaboration:
    return CourseCollaboration(id=id_, revealed=False, begun=False, next_item=items[:1], agreed=False, enough=enough)


def case(id_: str, *, enough: bool = True) -> CourseCase:
    return CourseCase(id=id_, revealed=False, enough=enough)


def pressed(room: CourseRoom, left: dict[str, str]) -> CourseRoom:
    """The room after the next press; `left` are the items, a letter each, that a collaboration has to settle."""
    beat = next_beat(room).next
    shown = replace(room, stage=beat.stage, subject=beat.subject)
    if beat.act == "reveal_case":
        told = (replace(each, revealed=each.revealed or each.id == beat.subject) for each in room.cases)
        return replace(shown, cases=tuple(told))
    if beat.act == "settle":
        left[beat.subject] = left[beat.subject][1:]
    change = {
        "reveal": {"revealed": True},
        "agree": {"begun": True, "agreed": not left.get(beat.subject)},
        "settle": {"next_item": left.get(beat.subject, "")[:1], "agreed": not left.get(beat.subject)},
    }.get(beat.act, {})
    return replace(
        shown,
        collaborations=tuple(
            replace(each, **change) if each.id == beat.subject else each for each in room.collaborations
        ),
    )


def walked(room: CourseRoom, left: dict[str, str]) -> list[str]:
    beats = []
    while (beat := next_beat(room).next).act != "end":
        beats.append(" ".join(filter(None, (beat.act, beat.stage, beat.subject, beat.item))))
        room = pressed(room, left)
    return beats


def test_pressing_on_leads_from_the_door_to_the_close():
    left = {"a": "xy", "b": ""}
    room = CourseRoom(
        stage="join", subject="", cases=(case("one"),), collaborations=(collaboration("a", "xy"), collaboration("b"))
    )

    assert walked(room, left) == [
        "show gut",
        "show case one",
        "reveal_case case one",
        "show progress",
        "show verdict",
        "reveal terraces a",
        "agree talk a",
        "settle talk a x",
        "settle talk a y",
        "reveal terraces b",
        "agree talk b",
        "show terraces",
        "show steps",
    ]


def test_five_collaborations_that_have_six_items_to_settle_take_at_most_forty_presses():
    left = {"a": "xyz", "b": "x", "c": "x", "d": "x", "e": ""}
    room = CourseRoom(
        stage="join",
        subject="",
        cases=(case("one"), case("two"), case("three")),
        collaborations=tuple(collaboration(id_, items) for id_, items in left.items()),
    )

    assert len(walked(room, left)) + 2 <= 40, "and two to close"


def test_what_too_few_have_answered_comes_last_and_is_agreed_on_from_a_blank_sheet():
    room = replace(EMPTY, stage="verdict", collaborations=(collaboration("few", "x", enough=False), collaboration("a")))
    first = next_beat(room).next
    left = {"few": "x", "a": ""}

    assert first == Beat(act="reveal", stage="terraces", subject="a")
    assert walked(replace(room, collaborations=room.collaborations[:1]), left)[:2] == [
        "agree talk few",
        "settle talk few x",
    ]


def test_a_case_that_too_few_have_placed_holds_nobody_up():
    room = replace(EMPTY, stage="case", subject="one", cases=(case("one", enough=False), case("two")))

    assert next_beat(room).next == Beat(act="show", stage="case", subject="two")


def test_a_picture_too_large_for_one_page_goes_on_by_the_same_press():
    many = tuple(replace(collaboration(str(at)), agreed=True) for at in range(13))
    room, shown = replace(EMPTY, stage="terraces", collaborations=many), []
    while (beat := next_beat(room).next).stage == "terraces":
        shown.append((beat.subject, beat.row))
        room = replace(room, subject=beat.subject)

    assert shown == [("page-2", "picture"), ("page-3", "picture")]
    assert next_beat(room).before == Beat(act="show", stage="terraces", subject="page-2")


def test_going_back_shows_what_stood_before_and_undoes_nothing():
    told = replace(collaboration("a"), revealed=True, begun=True, agreed=True)
    room = replace(EMPTY, stage="steps", collaborations=(told,))
    back = []
    while beat := next_beat(room).before:
        back.append(f"{beat.act} {beat.stage} {beat.subject}".strip())
        room = replace(room, stage=beat.stage, subject=beat.subject)

    assert back == [
        "show terraces",
        "show talk a",
        "show terraces a",
        "show verdict",
        "show progress",
        "show gut",
        "show join",
    ]


def test_a_closed_room_has_nothing_before_and_nothing_next():
    place = next_beat(replace(EMPTY, stage="closed"))

    assert (place.row, place.before, place.next) == ("close", None, None)


@pytest.mark.parametrize(("elapsed", "behind"), [(21, 0), (44, 0), (46, 1), (15, -5), (20, 0)])
def test_the_clock_is_behind_after_a_rows_minutes_and_ahead_before_them(elapsed, behind):
    began = datetime(2026, 11, 10, 9, tzinfo=UTC)

    assert minutes_behind(began, began + timedelta(minutes=elapsed), (20, 45)) == behind


def test_without_written_cases_their_minutes_go_to_the_questions():
    minutes = course_minutes(has_cases=False)

    assert "cases" not in minutes
    assert minutes["questions"] == (10, 45)


def test_an_end_too_large_for_one_page_shows_the_steps_and_then_the_whole_picture():
    many = tuple(collaboration(f"c{number}") for number in range(8))
    room, shown = replace(EMPTY, stage="closed", collaborations=many), []
    while following := next_beat(room).next:
        room = replace(room, subject=following.subject)
        shown.append(beat_id(following))

    assert shown == ["show closed page-2", "show closed page-3"]
    assert next_beat(room).before == Beat(act="show", stage="closed", subject="page-2")
