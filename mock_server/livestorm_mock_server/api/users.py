"""The JSON:API object of a team member."""

from ..options import ProviderOptions
from ..store.records import User


def user_object(options: ProviderOptions, user: User, **others: object) -> dict[str, object]:
    """Give a `users` object; `others` are further attributes."""
    attributes: dict[str, object] = {
        "role": user.role,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
        "timezone": user.timezone,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "avatar_link": user.avatar_link,
        **others,
    }
    if options.attribute_case == "camelCase":
        attributes = {_camel_case(name): value for name, value in attributes.items()}
    return {"id": user.uuid, "type": "users", "attributes": attributes}


def _camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
