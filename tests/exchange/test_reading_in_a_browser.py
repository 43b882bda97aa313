"""Files read where there are no processes: the same replies, within the same time."""

import time
from io import BytesIO

import pytest

from assessor import platform_calls
from assessor.exchange import pdf_fields, workbook_process
from assessor.exchange.filled_forms import READER_PROGRAM as PDF_READER
from assessor.exchange.reader_process import read_files
from assessor.exchange.spreadsheet_reader import READER_PROGRAM as WORKBOOK_READER
from assessor.exchange.spreadsheet_reader import read_grids


@pytest.fixture
def in_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform_calls, "is_in_browser", lambda: True)


def a_workbook() -> bytes:
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        workbook.add_worksheet("A").write_row(0, 0, ["Party", 7])
    return out.getvalue()


def test_a_workbook_reads_the_same_with_and_without_a_process(monkeypatch: pytest.MonkeyPatch):
    apart = read_grids(a_workbook(), "a.xlsx")
    monkeypatch.setattr(platform_calls, "is_in_browser", lambda: True)

    assert read_grids(a_workbook(), "a.xlsx") == apart


@pytest.mark.usefixtures("in_browser")
def test_a_file_that_takes_too_long_is_given_up_and_spoils_no_other():
    def read(data: bytes) -> object:
        while data == b"slow":
            time.sleep(0)
        return data.decode()

    assert read_files("", read, [b"a", b"slow", b"b"], 0.05) == ["a", None, "b"]


@pytest.mark.usefixtures("in_browser")
def test_a_file_nested_too_deep_is_given_up():
    def read(data: bytes) -> object:
        return read(data)

    assert read_files("", read, [b"a"], 5) == [None]


@pytest.mark.usefixtures("in_browser")
def test_what_is_lacking_to_read_a_file_is_raised():
    def read(_data: bytes) -> object:
        raise ModuleNotFoundError("python_calamine")

    with pytest.raises(ModuleNotFoundError):
        read_files("", read, [b"a"], 5)


@pytest.mark.parametrize(
    ("program", "read"), [(PDF_READER, pdf_fields.read_plain), (WORKBOOK_READER, workbook_process.read)]
)
def test_what_is_no_such_file_is_refused_alike(monkeypatch: pytest.MonkeyPatch, program: str, read):
    apart = read_files(program, read, [b"%PDF-1.7 broken", b"PK\x03\x04 broken"], 20)
    monkeypatch.setattr(platform_calls, "is_in_browser", lambda: True)

    assert read_files(program, read, [b"%PDF-1.7 broken", b"PK\x03\x04 broken"], 20) == apart
