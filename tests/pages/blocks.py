"""The code blocks of the pages: what they are written in, and why one is not run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt

_REASON: Final = re.compile(r"<!-- not run: (.+) -->")
_FILE: Final = re.compile(r"<!-- file: (\S+) -->")
_BEGIN: Final = re.compile(r"<!-- (?!end of )([\w ]+) -->")
_END: Final = re.compile(r"<!-- end of ([\w ]+) -->")


@dataclass(frozen=True, kw_only=True)
class Block:
    """A code block, with the line of the page on which it begins."""

    page: Path
    line: int
    language: str
    text: str
    reason: str | None
    """Why it is not run, as the comment before it says."""
    file: str | None = None
    """Under which name the reader saves it, as the comment before it says."""

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks_of(page: Path) -> Iterator[Block]:
    """Give the blocks of a page but for what is made of the code, which has tests of its own."""
    made, reason, file = "", None, None
    for token in MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8")):
        content = token.content.strip()
        if token.type == "html_block" and (begin := _BEGIN.search(content)) and not made:
            made = begin[1]
        elif token.type == "html_block" and (end := _END.search(content)):
            made = "" if end[1] == made else made
        elif token.type in ("fence", "code_block") and not made:
            assert token.map
            yield Block(
                page=page,
                line=token.map[0] + 1,
                language=token.info.strip(),
                text=token.content,
                reason=reason,
                file=file,
            )
        comment = content if token.type == "html_block" else ""
        reason = found[1] if (found := _REASON.search(comment)) else None
        file = found[1] if (found := _FILE.search(comment)) else None
