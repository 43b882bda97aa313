"""Every file has a licence, whose text lies in LICENSES; `reuse lint` says the same, and more."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ANNOTATIONS = tomllib.loads((ROOT / "REUSE.toml").read_text("utf-8"))["annotations"]
FONTS = ROOT / "report_templates" / "shared" / "fonts"


def test_all_files_are_annotated_and_the_typeface_with_its_own_licence():
    licences = {each["path"]: each["SPDX-License-Identifier"] for each in ANNOTATIONS}

    assert licences == {
        "**": "EUPL-1.2",
        "report_templates/shared/fonts/Inter-*.ttf": "OFL-1.1",
        "report_templates/shared/fonts/DejaVuSans.ttf": "Bitstream-Vera",
    }
    assert {path.name.partition("-")[0] for path in FONTS.glob("*.ttf")} == {"Inter", "DejaVuSans.ttf"}


def test_each_licence_that_is_named_has_its_text_and_no_other():
    texts = {path.stem for path in (ROOT / "LICENSES").iterdir()}

    assert texts == {each["SPDX-License-Identifier"] for each in ANNOTATIONS}


def test_a_licence_that_lies_in_two_places_is_the_same_text():
    pairs = {
        "EUPL-1.2": ROOT / "LICENSE",
        "OFL-1.1": FONTS / "LICENSE.txt",
        "Bitstream-Vera": FONTS / "LICENSE-DejaVu.txt",
    }

    for name, path in pairs.items():
        assert (ROOT / "LICENSES" / f"{name}.txt").read_bytes() == path.read_bytes()
