"""Letters that our typefaces lack: shown with a font of the machine's, or as a box that is read as the letter."""

import os
import subprocess
import sys
from pathlib import Path
from unicodedata import normalize

import pytest
from report_values import OPEN, a_report, a_row
from test_report_hostile import shown

from assessor.core.instrument import Instrument
from assessor.presentation.report import Report
from assessor.report.pdf.layout import clear_caches, report_pdf
from assessor.report.pdf.stand_in_fonts import stand_in_font

NAMES = ["中文学校", "かな図書館", "한국어 읽기", "ไทย คลับ", "አማርኛ ማኅበር", "हिन्दी", "Dinosaurs 🦕 🦊"]


def named(instrument: Instrument, *names: str) -> Report:
    return a_report(instrument, tuple(a_row(instrument, OPEN, party=name, undertaking="") for name in names))


def test_names_in_any_script_can_be_copied_and_read_aloud_from_a_report(dokk1: Instrument) -> None:
    # Newer shapers draw a syllable of Hangul by its letters, which read as the same.
    text = normalize("NFC", shown(report_pdf(named(dokk1, *NAMES[:5], NAMES[6]))))

    assert [name for name in (*NAMES[:5], NAMES[6]) if name.replace(" ", "") not in text] == []


def test_a_report_is_the_same_bytes_whatever_letters_were_met_before_it(dokk1: Instrument) -> None:
    first = report_pdf(named(dokk1, NAMES[0]))
    report_pdf(named(dokk1, *NAMES))
    clear_caches()

    assert report_pdf(named(dokk1, NAMES[0])) == first


PROGRAM = """
import sys
from assessor.doctor import check_letters
from assessor.presentation.typeface import unshown_characters
from assessor.report.pdf.renderer import lay_out
lay_out("<html><body><p>中文 ไทย</p></body></html>", "html { font: 400 10pt Inter }")
print(*unshown_characters(), check_letters("中ไ").facts["missing"])
"""


@pytest.mark.parametrize(("fonts", "lacking"), [((), "ท ย ไ 中 文 ไ 中"), ((0x4000, 0x6000), "ท ย ไ ไ")])
def test_a_font_of_the_machines_is_used_and_what_none_has_is_remembered(
    tmp_path: Path, fonts: tuple[int, ...], lacking: str
) -> None:
    for start in fonts:
        (tmp_path / f"{start}.ttf").write_bytes(stand_in_font(range(start, start + 4096), frozenset()))
    settings = tmp_path / "fonts.conf"
    settings.write_text(f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>")
    environment = {**os.environ, "FONTCONFIG_FILE": str(settings)}
    told = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, check=True)

    assert sorted(told.stdout.decode().split()) == sorted(lacking.split())
