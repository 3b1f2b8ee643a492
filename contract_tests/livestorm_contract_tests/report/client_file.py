"""Where in a repository the client is that was judged."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote

from ..driving.under_test import BareClient, ClientUnderTest, StdioClient

NO_FILE: Final = "client-under-test"
"""What stands for the file of a client that has none here, such as an app at a URL."""


def client_file(client: ClientUnderTest, folder: Path) -> str:
    """Give the file that a client's command names, as a URI relative to its repository.

    That is the folder above with a `.git`, or else the folder itself.
    """
    root = next((one for one in (folder, *folder.parents) if (one / ".git").exists()), folder)
    named = (folder / word for word in _words(client) if word)
    files = (one.resolve() for one in named if one.is_file())
    inside = (one.relative_to(root.resolve()) for one in files if root.resolve() in one.parents)
    found = next(inside, None)
    return NO_FILE if found is None else quote(found.as_posix())


def _words(client: ClientUnderTest) -> Sequence[str]:
    return client.command if isinstance(client, StdioClient | BareClient) else ()
