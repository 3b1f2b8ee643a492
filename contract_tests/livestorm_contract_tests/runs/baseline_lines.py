"""Editing the lines of a baseline: an entry goes with the comments above it, others stay as is."""

import re
from collections.abc import Iterator, Sequence

from .baseline import Entry

_ID = re.compile(r"""\bid:\s*["']?([\w:\-]+)""")


def edited(text: str, table: str, before: Sequence[Entry], wanted: Sequence[Entry]) -> str:
    """Give the text with the wanted entries in a list; those that are as before stay."""
    stay = {one.id for one in wanted if one in before}
    return "\n".join(_edited_list(text.splitlines(), table, wanted, stay)) + "\n"


def with_member(text: str, name: str, line: str) -> str:
    """Give the text with the line of a member: in the place of the old one, or above the first."""
    lines = text.splitlines(keepends=True)
    first = next((n for n, one in enumerate(lines) if _is_key(one)), len(lines))
    at = next((n for n, one in enumerate(lines) if _is_key(one, name)), None)
    if at is None:
        return "".join([*lines[:first], line, *lines[first:]])
    return "".join([*lines[:at], line, *lines[at + 1 :]])


def _edited_list(
    lines: list[str], table: str, entries: Sequence[Entry], stay: set[str]
) -> list[str]:
    at = next((n for n, line in enumerate(lines) if _is_key(line, table)), None)
    if at is None:
        return [*lines, *([f"{table}:"] if entries else []), *_added(entries)]
    end = next((n for n in range(at + 1, len(lines)) if _is_key(lines[n])), len(lines))
    kept, known = [], set()
    for block in _blocks(lines[at + 1 : end]):
        name = _id_of(block)
        if name is None or name in stay:
            kept += block
            known.add(name)
    added = list(_added([one for one in entries if one.id not in known]))
    while kept and not kept[-1].strip():
        added.append(kept.pop())
    is_empty = not any(line.strip().startswith("-") for line in [*kept, *added])
    head = lines[at] if is_empty else re.sub(r"\s*\[\s*\]", "", lines[at])
    if is_empty and "[" not in head:
        head = f"{table}: []"
    return [*lines[:at], head, *kept, *added, *lines[end:]]


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Give the lines of each entry, with the comments that stand directly above it."""
    block: list[str] = []
    has_begun = False
    for line in lines:
        stripped = line.strip()
        begins = stripped.startswith("- ")
        if has_begun and (begins or not stripped or stripped.startswith("#")):
            yield block
            block, has_begun = [], False
        block.append(line)
        has_begun = has_begun or begins
    if block:
        yield block


def _id_of(block: Sequence[str]) -> str | None:
    """Give the id of an entry, None for lines that are none."""
    told = " ".join(line for line in block if not line.strip().startswith("#"))
    found = _ID.search(told)
    return None if found is None else found[1]


def _is_key(line: str, name: str | None = None) -> bool:
    """Tell whether a line begins a member of the document, one of this name."""
    found = re.match(r"(\w+):", line)
    return found is not None and name in (None, found[1])


def _added(entries: Sequence[Entry]) -> Iterator[str]:
    for one in entries:
        yield f"  - id: {one.id}"
        yield f"    reason: {_quoted(one.reason)}"
        if one.until is not None:
            yield f"    until: {one.until.isoformat()}"
        if one.issue is not None:
            yield f"    issue: {_quoted(one.issue)}"
        if one.only_if is not None:
            yield f"    only_if: {_quoted(one.only_if)}"


def _quoted(text: str) -> str:
    """Write a text as YAML takes it, whatever it begins with: in quotes, which are doubled."""
    return "'" + text.replace("'", "''") + "'"
