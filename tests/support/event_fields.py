"""Valid and invalid values for the fields of an event."""

from typing import Any

from tests.support.bad_input import BAD_TEXT, NOT_TEXT, NUL, SURROGATE

VALID = {"title": "Jazz Night", "date": "2027-05-01T18:00:00Z", "city": "Pune", "price": "25.00", "totalSeats": 100}
NOT_ONE_LINE = ["a\nb", "a\r\nb", "a\tb", "\x1b[31mred", NUL, SURROGATE]
BAD: dict[str, list[Any]] = {
    "title": [*BAD_TEXT, *NOT_ONE_LINE, "t" * 201],
    "description": [*NOT_TEXT, NUL, SURROGATE, "d" * 10_001],
    "city": [*BAD_TEXT, *NOT_ONE_LINE, "c" * 101],
    "venue": [*NOT_TEXT, *NOT_ONE_LINE, "v" * 201],
    "category": [*NOT_TEXT, *NOT_ONE_LINE, "c" * 51],
    "timezone": [*BAD_TEXT, "Mars/Olympus", "../../etc/passwd", "europe/berlin", "UTC+2", "localtime", "Factory"],
    "date": [*NOT_TEXT, "", "soon", "2027-13-01T00:00:00Z", "2027-02-30T00:00:00Z", "2027-05-01T24:01:00Z",
             "2027-05-01T18:00:00+99:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00",
             "1999-12-31T23:59:59Z", "2200-01-01T00:00:00Z", NUL, SURROGATE, "9" * 5000],
    "endDate": [5, True, ["a"], {"a": 1}, "", "soon", "2200-01-01T00:00:00Z"],
    "price": [None, "", "x", True, [1], {"a": 1}, "NaN", "Infinity", "sNaN", -1, "-0.01", "1.001", 1e300, 0.30000000004,
              "1" * 12, "1e400", "1e2", "1_000", "٢٥", 10**40, NUL, SURROGATE],
    "totalSeats": [None, "", "5", True, 2.5, 5.0, [1], {"a": 1}, 0, -1, 10_000_001, 10**30],
}  # fmt: skip
BAD_TAGS = ["a", 5, None, {"a": 1}, [5], [None], [["a"]], [""], ["  "], ["t" * 41], ["a"] * 21, ["rock,pop"],
            *([line] for line in NOT_ONE_LINE)]  # fmt: skip
