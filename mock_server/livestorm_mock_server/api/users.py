"""The JSON:API object of a team member."""

from ..collections.item import Item
from ..options import ProviderOptions
from ..store.records import User


def user_object(options: ProviderOptions, user: User, **others: object) -> dict[str, object]:
    """Give a `users` object; `others` are further attributes."""
    attributes = _attributes(user) | others
    if options.attribute_case == "camelCase":
        attributes = {camel_case(name): value for name, value in attributes.items()}
    return {"id": user.uuid, "type": "users", "attributes": attributes}


def user_item(user: User) -> Item:
    """Give a team member as an item of a collection."""
    return Item(id=user.uuid, attributes={**_attributes(user), "pending_invite": False})


def _attributes(user: User) -> dict[str, object]:
    return {
        "role": user.role,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
        "timezone": user.timezone,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "avatar_link": user.avatar_link,
    }


def camel_case(name: str) -> str:
    """Spell a name of words in the other way."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
