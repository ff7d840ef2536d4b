"""Tables from outside: every encoding people use, every limit, and nothing in a file is ever run."""

import io
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import BadInput
from dispatch.formats.limits import LIMIT_BYTES, LIMIT_COLUMNS, LIMIT_ROWS
from dispatch.formats.read import read_table
from dispatch.formats.table import clean_cell, disarm
from dispatch.words import sentence


def workbook(*rows: tuple[object, ...]) -> bytes:
    """Give an XLSX file with these rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def refused(filename: str, data: bytes) -> BadInput:
    """Read what must be refused, and give the error, whose sentence can be written."""
    with pytest.raises(BadInput) as raised:
        read_table(filename, data)
    assert filename in sentence(raised.value.code, raised.value.values)
    return raised.value


NAMES = "Siti Nurhaliza,陈美玲,பிரியா,Åsa Öberg"


@pytest.mark.parametrize(
    ("data", "last"),
    [
        (NAMES.encode(), "Åsa Öberg"),
        (b"\xef\xbb\xbf" + NAMES.encode(), "Åsa Öberg"),
        (b"\xff\xfe" + NAMES.encode("utf-16-le"), "Åsa Öberg"),
        (b"\xfe\xff" + NAMES.encode("utf-16-be"), "Åsa Öberg"),
        ("Siti,a,b,Åsa Öberg".encode("cp1252"), "Åsa Öberg"),
    ],
)
def test_names_survive_every_encoding(data: bytes, last: str) -> None:
    """UTF-8 with and without a mark, UTF-16 and Windows' Western code page are all read right."""
    header = read_table("team.csv", data).header
    assert header[-1] == last
    assert len(header) == 4


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found(separator: str) -> None:
    """Commas, semicolons and tabs separate cells; a separator inside quotes does not."""
    text = f'"a,;b"{separator}c{separator}d\n1{separator}2{separator}3\n'
    assert read_table("a.csv", text.encode()).rows == (("1", "2", "3"),)


def test_excels_own_separator_line_is_understood() -> None:
    """A first line sep=; names the separator and is no row."""
    table = read_table("a.csv", b"sep=;\r\nname;note\r\nAina;a, b\r\n")
    assert table.header == ("name", "note")
    assert table.rows == (("Aina", "a, b"),)
    assert table.first_row == 3


def test_rows_keep_the_numbers_people_see() -> None:
    """Blank rows above the header and between the rows are counted, so that row 5 is the spreadsheet's row 5."""
    table = read_table("a.csv", b"\n\nname,note\n\nAina,x\n\n\n")
    assert table.first_row == 4
    assert table.rows == (("", ""), ("Aina", "x"))


def test_short_rows_are_filled_and_long_ones_refused() -> None:
    """A row may lack its last cells, but a filled cell without a heading is refused by its row."""
    assert read_table("a.csv", b"a,b,c\n1\n").rows == (("1", "", ""),)
    assert refused("a.csv", b"a,b\n1,2\n1,2,3\n").values["row"] == 3


def test_formulas_stay_text() -> None:
    """A formula in CSV or XLSX is read as its text; nothing is calculated."""
    attack = '=HYPERLINK("http://evil.example","x")'
    quoted = '"' + attack.replace('"', '""') + '"'
    assert read_table("a.csv", f"name,sum\n{quoted},=1+1\n".encode()).rows == ((attack, "=1+1"),)
    assert read_table("a.xlsx", workbook(("name", "sum"), (attack, "=1+1"))).rows == ((attack, "=1+1"),)


def test_values_of_a_workbook_read_as_people_typed_them() -> None:
    """Dates, times, whole numbers and yes-or-no cells become the text a person would have typed."""
    moment = datetime.fromisoformat("2026-12-01T14:30:00")
    row = (date(2026, 12, 1), time(9, 5), timedelta(hours=24, minutes=30), moment, 90.0, 1.5, True, None, " 陈 ")
    data = workbook(tuple(f"h{index}" for index in range(9)), row)
    expected = ("2026-12-01", "09:05", "24:30", "2026-12-01 14:30", "90", "1.5", "yes", "", "陈")
    assert read_table("a.xlsx", data).rows == (expected,)


def test_a_file_over_five_mebibytes_is_refused() -> None:
    """Six mebibytes are refused unread, with both sizes in the sentence."""
    error = refused("big.csv", b"a,b\n" + b"1,2\n" * (6 * 2**20 // 4))
    assert error.code == "formats.too_large"
    assert sentence(error.code, error.values).startswith("big.csv is 6.1 MiB; at most 5 MiB")
    assert read_table("fits.csv", b"a\n" + b"x" * 1_000).rows[0][0]
    assert refused("big.xlsx", b"PK\x03\x04" + b"0" * LIMIT_BYTES).code == "formats.too_large"


@pytest.mark.parametrize("filename", ["many.csv", "many.xlsx"])
def test_too_many_rows_and_columns_are_refused(filename: str) -> None:
    """Tables beyond 20,000 rows or 50 columns are refused; one exactly as large is read."""
    wide = [tuple("x" * (LIMIT_COLUMNS + more)) for more in (0, 1)]
    if filename.endswith("csv"):
        assert len(read_table(filename, b"a\n" + b"1\n" * LIMIT_ROWS).rows) == LIMIT_ROWS
        assert refused(filename, b"a\n" + b"1\n" * (LIMIT_ROWS + 1)).code == "formats.too_many_rows"
        fits, beyond = (",".join(row).encode() for row in wide)
    else:
        fits, beyond = (workbook(row) for row in wide)
    assert len(read_table(filename, fits).header) == LIMIT_COLUMNS
    assert refused(filename, beyond).code == "formats.too_many_columns"


def test_a_zip_bomb_is_refused_before_it_unpacks() -> None:
    """A small archive that would unpack to far more than a table needs is refused by its declared size."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (65 * 2**20))
    assert len(out.getvalue()) < 200_000
    assert refused("bomb.xlsx", out.getvalue()).code == "formats.bomb"


def test_entities_in_a_workbook_are_refused() -> None:
    """A workbook whose XML defines entities (to read files or to grow without end) is refused."""
    good = workbook(("name",), ("Aina",))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(out, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            if part == "xl/worksheets/sheet1.xml":
                xml = content.split(b"?>", 1)[-1]
                content = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "boom">]>' + xml
            target.writestr(part, content)
    assert refused("entities.xlsx", out.getvalue()).code == "formats.damaged"


@pytest.mark.parametrize(
    ("filename", "data", "code"),
    [
        ("empty.csv", b" \n", "formats.empty"),
        ("blank.csv", b",,\n,,\n", "formats.empty"),
        ("old.xls", b"\xd0\xcf\x11\xe0" + b"0" * 600, "formats.old_excel"),
        ("cut.xlsx", b"PK\x03\x04" + b"0" * 600, "formats.damaged"),
        ("named.xlsx", b"a,b\n1,2\n", "formats.damaged"),
        ("open.csv", b'a,b\n"1,2\n', "formats.bad_csv"),
        ("nulls.csv", b"a\x00b,c\n", "formats.unknown_encoding"),
        ("bytes.csv", b"\x81\x8d\x8f\n", "formats.unknown_encoding"),
        ("long.csv", b"a\n" + b"x" * 10_001, "formats.cell_too_long"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(filename: str, data: bytes, code: str) -> None:
    """Empty, old, damaged and unreadable files each get a sentence of their own that names the file."""
    assert refused(filename, data).code == code


@given(data=st.binary(max_size=400))
def test_no_bytes_can_crash_the_reader(data: bytes) -> None:
    """Whatever is uploaded, the answer is a table or a sentence."""
    for filename in ("any.csv", "any.xlsx"):
        try:
            table = read_table(filename, data)
        except BadInput as refusal:
            said = sentence(refusal.code, refusal.values)
        else:
            said = f"{len(table.rows)} rows"
            assert all(len(row) == len(table.header) for row in table.rows)
        assert said


@given(text=st.text())
def test_the_guard_mark_goes_on_and_off(text: str) -> None:
    """What our export disarms, our import reads back as it was."""
    cleaned = clean_cell(text)
    assert clean_cell(disarm(cleaned)) == cleaned
