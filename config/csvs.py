"""CSV that can be streamed, and opened in a spreadsheet without running anything."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - full-width signs start formulas too


class Echo:
    """A file for csv.writer that hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe goes before one (OWASP, CSV injection)."""
    return "'" + text if text.lstrip().startswith(FORMULA) or text.startswith(FORMULA) else text
