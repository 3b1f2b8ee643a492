"""Texts of clients and of files for a terminal, which would obey some of them."""


def printable(text: str) -> str:
    """Escape all that is not printable: control characters, and what turns the direction."""
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in text
    )


def one_line(text: str) -> str:
    """Give a text of several lines as one that is printable."""
    return printable(" ".join(text.split()))


def printable_lines(text: str) -> str:
    """Give a text line by line, each printable but for its tabs, which a terminal may have."""
    return "\n".join("\t".join(map(printable, line.split("\t"))) for line in text.split("\n"))
