"""The package's public face."""

import inspect

import livestorm_client


def test_all_names_every_public_object_in_order() -> None:
    """`__all__` holds, sorted, each public name of the package that is not a module."""
    public = {
        name
        for name, member in vars(livestorm_client).items()
        if not name.startswith("_") and not inspect.ismodule(member)
    }
    assert set(livestorm_client.__all__) == public
    assert len(livestorm_client.__all__) == len(public)


def test_clients_take_the_same_options() -> None:
    """Both clients are made with the same keyword arguments."""
    blocking = inspect.signature(livestorm_client.LivestormClient).parameters
    asynchronous = inspect.signature(livestorm_client.AsyncLivestormClient).parameters
    assert list(blocking) == list(asynchronous)
