"""A calendar file, read back by a reader of its own that knows the format's rules and nothing of the writer."""

import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from assessor.exchange.calendar_file import CalendarDay, calendar_text
from assessor.safe_text import escape_controls

MADE = date(2026, 11, 12)


def read(data: bytes) -> list[dict[str, str]]:
    """The properties of each event, unfolded and unescaped as RFC 5545 3.1 and 3.3.11 say."""
    text = data.decode()
    assert text.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert not re.search(r"(?<!\r)\n|\r(?!\n)", text)
    events: list[dict[str, str]] = []
    inside: list[str] = []
    for line in text.replace("\r\n ", "").split("\r\n")[:-1]:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            inside.append(value)
            events += [{}] if value == "VEVENT" else []
        elif name == "END":
            assert inside.pop() == value
        elif inside[-1] == "VEVENT":
            events[-1][name] = re.sub(r"\\(.)", lambda found: {"n": "\n", "N": "\n"}.get(found[1], found[1]), value)
    assert inside == []
    return events


def test_a_day_is_a_whole_day_with_its_text_and_a_reminder() -> None:
    day = CalendarDay(
        id="a-1@assessor", day=date(2027, 6, 30), title="Avtalet; går ut", text="Ring, sen\nskriv", days_before=90
    )
    data = calendar_text([day], "Exempelbiblioteket", MADE, "0.2.0")

    assert read(data) == [
        {
            "UID": "a-1@assessor",
            "DTSTAMP": "20261112T120000Z",
            "DTSTART;VALUE=DATE": "20270630",
            "DTEND;VALUE=DATE": "20270701",
            "SUMMARY": "Avtalet; går ut",
            "DESCRIPTION": "Ring, sen\nskriv",
            "TRANSP": "TRANSPARENT",
        }
    ]
    assert b"\r\nTRIGGER:-P90D\r\n" in data


@given(text=st.text(st.characters(codec="utf-8"), max_size=300))
def test_any_text_comes_back_as_it_was_and_ends_no_line(text: str) -> None:
    (event,) = read(calendar_text([CalendarDay(id="x", day=MADE, title="t", text=f"a{text}")], "l", MADE, "0"))
    lines = f"a{text}".replace("\r\n", "\n").replace("\r", "\n").split("\n")

    assert event["DESCRIPTION"] == "\n".join(map(escape_controls, lines))
