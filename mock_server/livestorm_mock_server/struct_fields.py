"""What of a struct is not at its default, which is what people write down."""

from collections.abc import Iterator, Mapping

import msgspec


def changed_fields(struct: msgspec.Struct) -> Iterator[tuple[str, object, object]]:
    """Give name, value and default of the fields that are not at their default."""
    for field in msgspec.structs.fields(type(struct)):
        value, default = getattr(struct, field.name), field.default
        if field.default_factory is not msgspec.NODEFAULT:
            default = field.default_factory()
        if value != default:
            yield field.encode_name, value, default


def given_fields(value: object) -> object:
    """Give a struct as plain data, of it and of those within what is not at its default."""
    if isinstance(value, msgspec.Struct):
        config = value.__struct_config__
        tag = {} if config.tag is None else {str(config.tag_field): config.tag}
        changed = {name: given_fields(one) for name, one, _ in changed_fields(value)}
        return tag | changed
    if isinstance(value, Mapping):
        return {name: given_fields(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [given_fields(one) for one in value]
    return msgspec.to_builtins(value)
