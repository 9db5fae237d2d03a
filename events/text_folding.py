"""Folds text to the keys that filters, sorting and search compare."""

import re
import unicodedata


def fold(text: str) -> str:
    """Return the text without case and accents, with single spaces."""
    plain = unicodedata.normalize("NFKD", text).casefold()  # casefold comes last: ℡ decomposes to TEL in capitals
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def words_of(*texts: str) -> list[str]:
    """Return the distinct folded words of some texts, for the search index."""
    return sorted({word[:64] for text in texts for word in re.findall(r"\w+", fold(text))})
