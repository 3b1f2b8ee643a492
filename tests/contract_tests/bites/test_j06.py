"""J06: a client whose store everybody may read."""

from .conftest import Put, failed
from .model_client import Message, ModelClient, User


class SavesForAll(ModelClient):
    """Leaves the permissions to the umask."""

    def save(self, user: User, stored: Message) -> None:
        """Open the file to all."""
        super().save(user, stored)
        user.path.chmod(0o644)


def test_readable_store_is_found(put: Put) -> None:
    """Its mode shows it."""
    assert failed(put("J06", SavesForAll, apart=True)) == {"owner-only"}
