"""J06: a client whose store everybody may read."""

import ctypes
from pathlib import Path

from ..model_client.client import ModelClient
from ..model_client.operations import Operations
from ..model_client.store import Store
from ..model_client.values import Message, User
from .table import Bite, Table


class SavesForAll(Store):
    """Leaves the permissions to the umask."""

    def save(self, user: User, stored: Message) -> None:
        """Open the file to all."""
        super().save(user, stored)
        user.path.chmod(0o644)


class ShowsItsSecret(Operations):
    """Has a process title that shows its settings."""

    def __init__(self, client: ModelClient) -> None:
        super().__init__(client)
        fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        start, end = int(fields[45]), int(fields[46])
        title = str(self.config["client_secret"]).encode()[: end - start]
        ctypes.memmove(start, title, len(title))


TABLE = Table(
    [
        Bite(SavesForAll, {"owner-only"}, apart=True),
        Bite(ShowsItsSecret, {"not-in-process"}, apart=True),
    ],
)
