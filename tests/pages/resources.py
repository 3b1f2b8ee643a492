"""What `docs/resources.md` lists: the keys of collections and of resources."""

import inspect

import msgspec
from livestorm_mock_server.declaring.entries import (
    CollectionEntry,
    FilterEntry,
    GenerateEntry,
    RelationshipEntry,
)
from livestorm_mock_server.scenario import ResourceEntry

from .faults import key_table


def collection_tables() -> str:
    """Give the keys of collections, and those of the tables in them, as Markdown tables."""
    structs = (CollectionEntry, RelationshipEntry, FilterEntry, GenerateEntry)
    return "\n".join(_told(one) for one in structs)


def resource_tables() -> str:
    """Give the keys of resources as a Markdown table."""
    return _told(ResourceEntry)


def _told(struct: type[msgspec.Struct]) -> str:
    names = [field.name for field in msgspec.structs.fields(struct)]
    told = " ".join(inspect.cleandoc(struct.__doc__ or "").partition("\n\n")[0].split())
    return f"{told}\n\n{key_table(struct, names)}"
