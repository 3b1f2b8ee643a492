"""The parts of a page that are made: from `<!-- name -->` to `<!-- end of name -->`."""

from collections.abc import Mapping


def filled(page: str, parts: Mapping[str, str]) -> str:
    """Give a page with these parts in the place of what stands there."""
    for part, text in parts.items():
        begin, end = f"<!-- {part} -->\n", f"<!-- end of {part} -->"
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        page = f"{before}{begin}{text}{end}{after}"
    return page


def part_of(page: str, part: str) -> str:
    """Give what stands there."""
    return page.partition(f"<!-- {part} -->\n")[2].partition(f"<!-- end of {part} -->")[0]


def table_row(*cells: str) -> str:
    """Give a row of a Markdown table; a bar in a cell divides nothing."""
    escaped = (cell.replace("|", r"\|") for cell in cells)
    return f"| {' | '.join(escaped)} |\n"
