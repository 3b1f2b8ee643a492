"""The files that the command of a client names, and where in a repository they are."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
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
    files = (one.resolve() for one in files_named(command_of(client), folder))
    inside = (one.relative_to(root.resolve()) for one in files if root.resolve() in one.parents)
    found = next(inside, None)
    return NO_FILE if found is None else quote(os.fsencode(found.as_posix()))


def command_of(client: ClientUnderTest) -> Sequence[str]:
    """Give the words of a client's command; there are none for an app at a URL."""
    return client.command if isinstance(client, StdioClient | BareClient) else ()


def files_named(words: Sequence[str], folder: Path) -> Iterator[Path]:
    """Give the files that some words name, as seen from a folder."""
    for word in words:
        with suppress(OSError, ValueError):  # No file has so long a name, or such a character.
            if word and (folder / word).is_file():
                yield folder / word
