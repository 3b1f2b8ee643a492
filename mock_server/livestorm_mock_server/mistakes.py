"""All that is wrong with plain data that is to become a struct, not only the first."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import TypeGuard, get_args, get_origin

import msgspec

from .reading import (
    InvalidInputError,
    MissingKeyError,
    UnknownKeyError,
    describe_type,
    expected_one_of,
    join_path,
    read_struct,
)


def find_mistakes(
    data: object, annotation: type[object], *, where: str = ""
) -> Iterator[InvalidInputError]:
    """Give what is wrong, each with the path of its key; `where` is the path of the data."""
    if _fits(data, annotation):
        return
    item = _item_of(annotation)
    if _is_struct(annotation) and isinstance(data, Mapping):
        yield from _in_table(data, annotation, where)
    elif item is not None and isinstance(data, list):
        for index, one in enumerate(data):
            yield from find_mistakes(one, item, where=f"{where}[{index}]")
    else:
        yield from find_refusal(partial(read_struct, data, annotation, where=where))


def _fits(data: object, annotation: type[object]) -> bool:
    """Tell whether nothing is wrong, which is seen at once."""
    try:
        msgspec.convert(data, annotation)
    except msgspec.ValidationError:
        return False
    return True


def find_refusal(check: Callable[..., object], *arguments: object) -> Iterator[InvalidInputError]:
    """Give the InvalidInputError that a check raises, if it raises one."""
    try:
        check(*arguments)
    except InvalidInputError as error:
        yield error


def _in_table(
    data: Mapping[str, object], struct: type[msgspec.Struct], where: str
) -> Iterator[InvalidInputError]:
    fields = _fields_of(struct)
    for name, value in data.items():
        path = join_path(where, name)
        if name in fields:
            yield from find_mistakes(value, fields[name].type, where=path)
        elif name != struct.__struct_config__.tag_field:
            yield UnknownKeyError(path, value, expected_one_of(name, fields))
    for name, field in fields.items():
        if field.required and name not in data:
            yield MissingKeyError(join_path(where, name), describe_type(field.type))


@cache
def _fields_of(struct: type[msgspec.Struct]) -> Mapping[str, msgspec.structs.FieldInfo]:
    """Give the fields of a struct by their keys; to resolve the types takes most of the time."""
    return {one.encode_name: one for one in msgspec.structs.fields(struct)}


def _is_struct(annotation: object) -> TypeGuard[type[msgspec.Struct]]:
    return isinstance(annotation, type) and issubclass(annotation, msgspec.Struct)


def _item_of(annotation: object) -> type[object] | None:
    """Give the struct of which a type is a list."""
    item = next(iter(get_args(annotation)), None)
    return item if get_origin(annotation) is tuple and _is_struct(item) else None
