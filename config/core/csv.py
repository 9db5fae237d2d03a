"""CSV that can be streamed, and opened in a spreadsheet without running anything."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

BYTE_ORDER_MARK = "\ufeff"  # by which spreadsheets know UTF-8
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - full-width signs start formulas too
INNER_CELL = re.compile(rf"""([;\t]["'\s]*)(?=[{re.escape("".join(FORMULA[:4] + FORMULA[7:]))}])""")


def csv_response(header: Sequence[str], rows: Iterable[Sequence[str | int]], *, filename: str) -> StreamingHttpResponse:
    """Return a file to download that is written row by row, as it is sent; nothing on the way keeps a copy."""
    response = StreamingHttpResponse(lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "no-store"
    return response


def lines(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield BYTE_ORDER_MARK + writer.writerow(header)
    for row in rows:
        yield writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])


class Echo:
    """A file for csv.writer that hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe goes before one (OWASP, CSV injection).

    Also behind a semicolon or tab, where the spreadsheets of many countries begin the next cell. The package defusedcsv
    is no substitute: it misses these inner cells, blanks, tabs and line breaks before a sign, and full-width signs.
    """
    text = INNER_CELL.sub(r"\1'", text)
    return "'" + text if text.lstrip().startswith(FORMULA) or text.startswith(FORMULA) else text
