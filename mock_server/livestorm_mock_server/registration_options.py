"""The options of commands that say how the client is registered."""

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from .registration import Registration

T = TypeVar("T")

_OPTIONS = {
    "redirect_uris": click.option(
        "--redirect-uri",
        "redirect_uris",
        multiple=True,
        metavar="URI",
        help="Register this one for the client, in the place of the scenario's.",
    ),
    "client_id": click.option("--client-id", metavar="ID", help="What the client's id is."),
    "client_secret": click.option(
        "--client-secret", metavar="TEXT", help="What the client's secret is."
    ),
    "any_redirect_uri": click.option(
        "--any-redirect-uri",
        is_flag=True,
        help="Take any redirect URI; the audit names those that are not registered.",
    ),
}


def registration_options(command: Callable[..., T]) -> Callable[..., T]:
    """Have a command take them: as its one argument `registration`, for `read_registration`."""

    @functools.wraps(command)
    def with_registration(*arguments: Any, **options: Any) -> T:
        given = {name: value for name in _OPTIONS if (value := options.pop(name)) or value == ""}
        return command(*arguments, registration=given, **options)

    for option in reversed(_OPTIONS.values()):
        with_registration = option(with_registration)
    return with_registration


def read_registration(given: Mapping[str, object]) -> "Registration":
    """Read the options that were given. Raises InvalidInputError with the name of the option."""
    from . import registration
    from .reading import InvalidInputError

    try:
        return registration.read_registration(given)
    except InvalidInputError as error:
        name = error.key.partition("[")[0]
        option = f"--{name.removesuffix('s').replace('_', '-')}"
        raise InvalidInputError(option, error.value, error.expected) from None
