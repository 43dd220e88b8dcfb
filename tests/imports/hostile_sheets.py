"""Broken and hostile sheets, made from good ones; each with a name."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from random import Random

from tests.imports.hostile import damaged

GOOD_CSV = (
    "Task,Due,Owner,Status,Duration,URL,Notes\n"
    'Pay the rent,31.03.2027,Ann,Open,3 months,https://example.org/a,"two\nlines"\n'
    "Report,Q3 2027,Ben,Done,,,\nAudit,2027-06-30,Ann,In progress,90d,,x\n"
)
#: In the place of any cell.
ODD_CELLS = (
    "=HYPERLINK(\"http://evil\",\"x\")", "=cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "+1", "-1",
    "\u202eevil\u202c", "\x1b[2J\x07", "\x00", "\ud83d\ude00", "𝒙" * 200, "x" * 50_000, "'", '"', "\\",
    "<script>alert(1)</script>", "{{7*7}}", "%s%n", "9999-12-31", "99999", "1e308", "0/0/0000",
    "31.02.2027", "2027-13-45", "-0001-01-01", "open", "each x", "x@2027", "end of", "((((" * 50,
    "NaN", "TRUE", "#REF!", "\t", "\u2028", "\x85", "A" * 199 + " 2027", "javascript:alert(1)",
    "https://user:pw@example.org:99999/", "1 month", "99999999 days", "-1 days", "RRULE:FREQ=DAILY",
)  # fmt: skip


def hostile_csv() -> Iterator[tuple[str, bytes]]:
    """A hundred and more."""
    good = GOOD_CSV.encode()
    yield from damaged(good)
    cells = GOOD_CSV.split(",")
    for at, odd in enumerate(ODD_CELLS):
        quoted = (
            '"'
            + odd.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace('"', '""')
            + '"'
        )
        place = 7 + at % 6
        yield f"cell {odd[:12]!r}", ",".join([*cells[:place], quoted, *cells[place + 1 :]]).encode()
        yield f"title {odd[:12]!r}", f"Task,Due\n{quoted},2027-03-31\n".encode()
        yield f"day {odd[:12]!r}", f"Task,Due\nA,2027-03-31\nB,{quoted}\n".encode()
        yield f"heading {odd[:12]!r}", f"Task,Due,{quoted}\nA,2027-03-31,x\n".encode()
    yield "an open quote", good + b'"' + good * 200
    yield "an open quote first", b'"' + good * 50
    yield "a long cell", b"Task,Due\n" + b"x" * 20_000_000 + b",2027-01-01\n"
    yield "many columns", b"Task,Due\nA,2027-03-31\n" + b"," * 1_000_000 + b"x\n"
    yield "many headings", b"Task,Due" + b",x" * 1_000_000 + b"\nA,2027-03-31\n"
    yield "many empty columns", b"Task,Due" + b"," * 500_000 + b"\nA,2027-03-31\n"
    yield "many empty rows", b"Task,Due\nA,2027-03-31\n" + b",\n" * 300_000
    yield "NULs", good.replace(b",", b"\0,\0")
    yield "CR alone", good.replace(b"\n", b"\r")
    yield "the same heading", b"Due,Due,Task,Task\n2027-01-01,2027-02-01,a,b\n"
    yield "no days", b"a,b\n1,2\n"
    yield "no titles", b"Due,Ends\n2027-01-01,2027-01-02\n"
    yield "headings alone", b"Task,Due\n"
    yield "sep", b"sep=;\n"
    yield "a letter", b"Dear Sirs, this is a letter, which has commas.\nYours, me\n"
    yield "UTF-16 cut", GOOD_CSV.encode("utf-16")[:-1]
    yield "Shift_JIS cut", "件名,期限\n報告,2027-03-31".encode("cp932") + b"\x82"
    yield "mixed", "件名,期限\n".encode("cp932") + "Fällig,2027-03-31\n".encode()
    yield "many texts", ("Task,Due\n" + "".join(f"A,soon {n}\n" for n in range(300))).encode()
    yield (
        "many questions",
        ("Task,Due\n" + "".join(f"A,early {2000 + n}\n" for n in range(300))).encode(),
    )


def good_xlsx(dates: bool = True) -> bytes:
    """A workbook as XlsxWriter writes it."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Tasks")
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for column, heading in enumerate(("Task", "Due", "Owner")):
            sheet.write(0, column, heading)
        for row in range(1, 4):
            sheet.write(row, 0, f"Task {row}")
            if dates:
                sheet.write_datetime(row, 1, date(2027, 3, row), day)
            else:
                sheet.write(row, 1, f"{row}.3.2027")
            sheet.write(row, 2, "Ann")
    return buffer.getvalue()


def good_ods() -> bytes:
    """A sheet as odfpy writes it."""
    from odf import table, text
    from odf.opendocument import OpenDocumentSpreadsheet

    document = OpenDocumentSpreadsheet()
    sheet = table.Table(name="Tasks")
    for cells in (("Task", "Due"), ("Rent", "2027-03-31"), ("Report", "2027-06-30")):
        row = table.TableRow()
        for cell in cells:
            made = (
                table.TableCell(valuetype="date", datevalue=cell)
                if cell[0] == "2"
                else table.TableCell(valuetype="string")
            )
            made.addElement(text.P(text=cell))
            row.addElement(made)
        sheet.addElement(row)
    document.spreadsheet.addElement(sheet)
    buffer = io.BytesIO()
    document.write(buffer)
    return buffer.getvalue()


def with_part(good: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The archive with one part changed, or added."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(good)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        names = source.namelist()
        for part in names:
            content = source.read(part)
            target.writestr(part, change(content) if part == name else content)
        if name not in names:
            target.writestr(name, change(b""))
    return buffer.getvalue()


def _replaced(good: bytes, name: str, before: bytes, after: bytes) -> bytes:
    return with_part(good, name, lambda part: part.replace(before, after))


_SHEET = "xl/worksheets/sheet1.xml"
_LAUGHS = b"".join(
    [b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a0 "lol">']
    + [b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 20)]
    + [b"]>"]
)


def _row(cells: bytes, number: bytes = b"9") -> Callable[[bytes], bytes]:
    row = b'<row r="%s">%s</row></sheetData>' % (number, cells)
    return lambda part: part.replace(b"</sheetData>", row)


def hostile_workbooks() -> Iterator[tuple[str, bytes]]:
    """A hundred and more."""
    good, ods = good_xlsx(), good_ods()
    dice = Random(24)
    for kind, content in (("xlsx", good), ("ods", ods)):
        for _ in range(15):
            at = dice.randrange(len(content))
            yield f"{kind} cut at {at}", content[:at]
            yield (
                f"{kind} {at} another",
                content[:at] + bytes([dice.randrange(256)]) + content[at + 1 :],
            )
            yield f"{kind} gap at {at}", content[:at] + content[at + dice.randrange(1, 60) :]
        yield f"{kind} twice", content + content
        yield f"{kind} behind a page", b"<html></html>" + content
        yield f"{kind} and a page", content + b"<html></html>"
    yield from _hostile_xlsx(good)
    yield from _hostile_ods(ods)
    yield "a mark alone", b"PK\x03\x04"
    yield (
        "an archive of others",
        with_part(b"PK\x05\x06" + bytes(18), "xl/readme.txt", lambda _: b"x"),
    )
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    yield "OLE alone", ole
    yield "OLE of zeros", ole + bytes(5000)
    yield "OLE of noise", ole + dice.randbytes(20_000)
    yield "a password", ole + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(4000)


def _hostile_xlsx(good: bytes) -> Iterator[tuple[str, bytes]]:
    for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", _SHEET,
                 "xl/sharedStrings.xml", "xl/styles.xml"):  # fmt: skip
        yield f"{name} empty", with_part(good, name, lambda _: b"")
        yield f"{name} cut", with_part(good, name, lambda part: part[: len(part) // 2])
        yield f"{name} noise", with_part(good, name, lambda _: Random(1).randbytes(900))
        yield f"{name} laughs", with_part(good, name, lambda part: _LAUGHS + part)
        yield f"{name} deep", with_part(good, name, lambda part: part + b"<a>" * 100_000)
    yield "a bomb", with_part(good, "xl/media/image1.png", lambda _: bytes(310_000_000))
    yield (
        "a bomb of rows",
        with_part(
            good,
            _SHEET,
            lambda part: part.replace(b"</sheetData>", b" " * 310_000_000 + b"</sheetData>"),
        ),
    )
    yield "far cells", with_part(good, _SHEET, _row(b'<c r="XFD1048576"><v>1</v></c>', b"1048576"))
    yield "no such cell", with_part(good, _SHEET, _row(b'<c r="ZZZ9999999"><v>1</v></c>'))
    yield "an odd cell", with_part(good, _SHEET, _row(b'<c r="1A"><v>1</v></c>'))
    yield (
        "a claim of rows",
        with_part(
            good, _SHEET, lambda part: re.sub(rb'ref="A1:[A-Z0-9]+"', b'ref="A1:XFD1048576"', part)
        ),
    )
    yield "no such text", with_part(good, _SHEET, _row(b'<c r="A9" t="s"><v>99999999</v></c>'))
    yield "a negative text", with_part(good, _SHEET, _row(b'<c r="A9" t="s"><v>-1</v></c>'))
    for number in (b"1e308", b"-1e308", b"NaN", b"99999999999", b"-5", b"", b"abc"):
        cell = (
            b'<c r="A9" t="inlineStr"><is><t>A</t></is></c><c r="B9" s="1"><v>%s</v></c>' % number
        )
        yield f"the day {number!r}", with_part(good, _SHEET, _row(cell))
    merged = b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    yield "merged", with_part(good, _SHEET, lambda part: part.replace(b"</worksheet>", merged))
    yield (
        "a formula",
        with_part(
            good,
            _SHEET,
            _row(b'<c r="A9" t="str"><f>cmd|calc!A0</f><v>x</v></c><c r="B9"><f>1</f></c>'),
        ),
    )
    yield "macros", with_part(good, "xl/vbaProject.bin", lambda _: b"\xd0\xcf\x11\xe0" + bytes(900))
    yield "many sheets", with_part(
        good, "xl/workbook.xml",
        lambda part: part.replace(b"</sheets>", b'<sheet name="a" sheetId="9" r:id="rId1"/>' * 2000 + b"</sheets>"),
    )  # fmt: skip
    yield "a path out", with_part(
        good, "xl/_rels/workbook.xml.rels",
        lambda part: part.replace(b"worksheets/sheet1.xml", b"../../../../etc/passwd"),
    )  # fmt: skip


def _hostile_ods(good: bytes) -> Iterator[tuple[str, bytes]]:
    for name in ("content.xml", "META-INF/manifest.xml", "mimetype"):
        yield f"{name} empty", with_part(good, name, lambda _: b"")
        yield f"{name} cut", with_part(good, name, lambda part: part[: len(part) // 2])
        yield f"{name} noise", with_part(good, name, lambda _: Random(1).randbytes(900))
    yield "ods laughs", with_part(good, "content.xml", lambda part: _LAUGHS + part)
    cell = b'<table:table-cell office:value-type="float" office:value="1"'
    for kind, row in (
        ("columns", b"<table:table-row>%s table:number-columns-repeated=\"2000000000\"/></table:table-row>"),
        ("rows", b"<table:table-row table:number-rows-repeated=\"2000000000\">%s/></table:table-row>"),
        ("both", (b"<table:table-row table:number-rows-repeated=\"100000\">%s"
                 b" table:number-columns-repeated=\"16384\"/></table:table-row>")),
    ):  # fmt: skip
        more = row % cell + b"</table:table>"
        content = _replaced(good, "content.xml", b"</table:table>", more)
        yield f"repeated {kind}", content
    empty = b'<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row></table:table>'
    yield (
        "empty rows",
        with_part(good, "content.xml", lambda part: part.replace(b"</table:table>", empty)),
    )
