"""The texts below the fields of a struct, which Python does not keep."""

import ast
import inspect
import textwrap
from functools import cache
from itertools import pairwise

import msgspec


def field_docstrings(struct: type[msgspec.Struct]) -> dict[str, str]:
    """Give the text below each field that has one, those of the base structs first."""
    bases = [one for one in reversed(struct.__mro__) if issubclass(one, msgspec.Struct)]
    own = (_own(base) for base in bases if base is not msgspec.Struct)
    return {name: text for texts in own for name, text in texts.items()}


@cache
def _own(struct: type[msgspec.Struct]) -> dict[str, str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(struct)))
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    return {
        field.target.id: told.value.value
        for field, told in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(told, ast.Expr)
        and isinstance(told.value, ast.Constant)
        and isinstance(told.value.value, str)
    }
