"""CSV that is streamed, and in which a spreadsheet finds no formula to run."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

BYTE_ORDER_MARK = "\ufeff"  # spreadsheets recognize UTF-8 by it
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - full-width signs start formulas as well
INNER_CELL = re.compile(rf"""([;\t]["'\s]*)(?=[{re.escape("".join(FORMULA[:4] + FORMULA[7:]))}])""")


def csv_response(header: Sequence[str], rows: Iterable[Sequence[str | int]], *, filename: str) -> StreamingHttpResponse:
    """Return a download that is written row by row while it is sent; caches must not store it."""
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
    """A file for csv.writer whose ``write`` returns the row instead of storing it."""

    def write(self, row: str) -> str:
        return row


def harmless(text: str) -> str:
    """Put an apostrophe before whatever a spreadsheet would take for a formula (OWASP, CSV injection).

    Also after a semicolon or tab, where spreadsheets of many countries start the next cell. The package defusedcsv is
    no substitute: it misses these inner cells, blanks, tabs and line breaks before a sign, and full-width signs.
    """
    text = INNER_CELL.sub(r"\1'", text)
    return "'" + text if text.lstrip().startswith(FORMULA) or text.startswith(FORMULA) else text
