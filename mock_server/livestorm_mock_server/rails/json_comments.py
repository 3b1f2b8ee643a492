"""The comments that Ruby's JSON parser takes, and Python's does not."""

import re

from ..patterns import compile_late

_STRING_OR_COMMENT = compile_late(r'"|/\*|//')
_TOKENS = {
    '"': compile_late(r'"(?:[^"\\]|\\.)*"', re.DOTALL),
    "/*": compile_late(r"/\*.*?\*/", re.DOTALL),
    "//": compile_late(r"//[^\n]*"),
}


def without_comments(text: str) -> str:
    """Leave out `/* */` and `//` comments, which Ruby's parser takes, outside of strings.

    Raises ValueError where a string or a comment does not end.
    """
    if "/" not in text:
        return text
    kept: list[str] = []
    position = 0
    while match := _STRING_OR_COMMENT.search(text, position):
        kept.append(text[position : match.start()])
        token = _TOKENS[match[0]].match(text, match.start())
        if token is None:
            raise ValueError("a string or a comment does not end")
        kept.append(token[0] if match[0] == '"' else " ")
        position = token.end()
    return "".join([*kept, text[position:]])
