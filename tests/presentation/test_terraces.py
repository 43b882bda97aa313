"""The terraces: whatever stands on them, nothing overlaps and nothing is cut."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from profiles import scaled

from assessor.presentation.terraces import (
    A4_FRAME,
    Area,
    Box,
    Chip,
    Drawing,
    Frame,
    Terrace,
    TextLine,
    draw_terraces,
    wrap_text,
)
from assessor.presentation.typeface import font_face

STEPS = tuple(
    Terrace(title=f"{number} Partnerskap", line="Skrivet avtal", tone=f"t{number}", shape="square")
    for number in range(1, 6)
)
BOXES = (Box(id="buy", title="Vi köper", line="leverantörer"), Box(id="unknown", title="Inte känt ännu", line=""))

LONG = "Maahanmuuttajajärjestöjen neuvottelukunta"
WORDS = ["By", "Hamn", "Kansalaisopisto", "maahanmuuttajajärjestöjen", "neuvottelukunta"]

names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6)


@st.composite
def chips(draw_: st.DrawFn, most: int = 40) -> list[Chip]:
    count = draw_(st.integers(0, most))
    return [
        Chip(
            name=f"{' '.join(draw_(names))} {number}",
            number=number,
            step=step,
            box=draw_(st.sampled_from(["buy", "unknown"])) if step is None else "",
            question=draw_(st.sampled_from(["", "", "2 eller 3: vad som är skrivet?"])),
            wanted=draw_(st.sampled_from([-1, 0, 1])),
            fragile=draw_(st.booleans()),
        )
        for number in range(1, count + 1)
        for step in [draw_(st.sampled_from([0, 1, None]))]
    ]


OPEN = Chip(
    name="By maahanmuuttajajärjestöjen Kansalaisopisto By Kansalaisopisto 1",
    number=1,
    step=0,
    question="2 eller 3: vad som är skrivet?",
    wanted=-1,
)


#: A page that the picture fills, and never exceeds.
FILLED = Frame(min_height=246.0, max_height=340.0, exact=True, airy=True, title_size=12.0)


@settings(max_examples=scaled(60), deadline=None)
@example(chips=[OPEN, Chip(name="By 2", number=2, box="buy")], steps=STEPS[:2], frame=A4_FRAME)
@given(chips=chips(), steps=st.sampled_from([STEPS[:2], STEPS[:3], STEPS]), frame=st.sampled_from([A4_FRAME, FILLED]))
def test_no_two_chips_overlap_and_all_text_lies_within_its_own(
    chips: list[Chip], steps: tuple[Terrace, ...], frame: Frame
) -> None:
    picture = draw_terraces(steps, BOXES, chips, frame=frame)
    framed = [area for area in picture.areas if area.kind != "step"]

    assert [(a, b) for at, a in enumerate(framed) for b in framed[at + 1 :] if _overlap(a, b)] == []
    assert [line for line in picture.lines if not _inside_one(line, picture)] == []
    assert _within(picture)


def _overlap(a: Area, b: Area) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height


def _inside_one(line: TextLine, picture: Drawing) -> bool:
    """The line lies in an area from its ascenders to its descenders, and across no edge of another."""
    width = font_face(line.weight).width(line.text, line.size)
    around = [
        area
        for area in picture.areas
        if area.x - 0.1 <= line.x
        and line.x + width <= area.x + area.width + 0.1
        and area.y <= line.y - line.size * 0.75
        and line.y + line.size * 0.2 <= area.y + area.height + 0.1
    ]
    return bool(around)


def _within(picture: Drawing) -> bool:
    return all(
        area.x >= 0 and area.x + area.width <= picture.width + 0.1 and area.y + area.height <= picture.height + 0.1
        for area in picture.areas
    )


@pytest.mark.parametrize(
    ("count", "numbered", "counted"),
    [(0, False, False), (1, False, False), (12, False, False), (60, True, False), (1000, False, True)],
)
def test_many_long_names_become_numbers_and_very_many_are_counted(count: int, numbered: bool, counted: bool) -> None:
    several = [Chip(name=f"{LONG} {number}", number=number, step=number % 3) for number in range(count)]
    picture = draw_terraces(STEPS[:3], BOXES, several)

    assert (picture.numbered, picture.counted) == (numbered, counted)
    assert picture.height < 530


@pytest.mark.parametrize(("count", "numbered", "counted"), [(1, False, False), (8, False, False), (60, True, False)])
def test_a_picture_that_fills_its_page_comes_near_its_height_and_keeps_to_it(
    count: int, numbered: bool, counted: bool
) -> None:
    chips = [Chip(name=f"Förening {at}", number=at, step=at % 3) for at in range(1, count + 1)]
    picture = draw_terraces(STEPS[:3], BOXES, chips, frame=FILLED)

    assert (picture.numbered, picture.counted) == (numbered, counted)
    assert (0 if numbered else 306) < picture.height <= 340


def test_every_name_is_drawn_whole_while_chips_bear_names() -> None:
    several = [Chip(name=f"Kansalaisopisto Lukuvarjo {number}", number=number, step=number % 3) for number in range(9)]
    picture = draw_terraces(STEPS[:3], BOXES, several)
    drawn = " ".join(line.text for line in picture.lines)

    assert [chip.name for chip in several if chip.name not in drawn] == []


def test_a_range_lies_across_the_edge_between_its_steps() -> None:
    picture = draw_terraces(STEPS[:3], BOXES, [Chip(name="Kaféet", step=1, question="2 eller 3: vad som är skrivet?")])
    (across,) = (area for area in picture.areas if area.kind == "across")
    upper, lower = [area for area in picture.areas if area.kind == "step"][1:]

    assert across.y < upper.y + upper.height <= lower.y + 0.01 < across.y + across.height
    assert picture.areas.index(across) > picture.areas.index(lower)


def test_the_steps_widen_downwards_and_what_is_beside_stands_beside() -> None:
    picture = draw_terraces(STEPS[:3], BOXES, [Chip(name="Kaféet", step=2), Chip(name="Bolaget", box="buy")])
    steps = [area for area in picture.areas if area.kind == "step"]
    (box,) = (area for area in picture.areas if area.kind == "box")

    assert [area.width for area in steps] == sorted(area.width for area in steps)
    assert all(area.x + area.width < box.x for area in steps)


def test_an_instrument_without_levels_has_boxes_only() -> None:
    picture = draw_terraces((), BOXES, [Chip(name="Bolaget", box="buy"), Chip(name="Kören", box="unknown")])

    assert {area.kind for area in picture.areas} == {"box"}
    assert _within(picture)


def test_signs_are_told_only_where_they_are_used() -> None:
    signs = [("up", "önskas högre"), ("crack", "skört")]
    plain = draw_terraces(STEPS[:3], BOXES, [Chip(name="Kaféet", step=2)], signs=signs)
    wanted = draw_terraces(STEPS[:3], BOXES, [replace(Chip(name="Kaféet", step=2), wanted=1)], signs=signs)

    assert {line.text for line in wanted.lines} - {line.text for line in plain.lines} == {"önskas högre"}


@given(text=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60), width=st.floats(20, 200))
def test_wrapped_lines_are_no_wider_than_asked_and_lose_nothing(text: str, width: float) -> None:
    lines = wrap_text(text, width, 8)

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert [line for line in lines if font_face().width(line, 8) > width] == []
