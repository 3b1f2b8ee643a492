"""Texts of clients for a terminal, which would obey some of them."""


def printable(text: str) -> str:
    """Escape all that is not printable: control characters, and what turns the direction."""
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in text
    )
