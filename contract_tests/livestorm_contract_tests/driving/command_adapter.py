"""What an adapter in Python is, and which of its answers are replies.

Without the structs of the messages: each process of such a client loads this at its start.
"""

from collections.abc import Mapping
from typing import Protocol, TypeAlias

from .kinds import Kind

Message: TypeAlias = Mapping[str, object]


class CommandAdapter(Protocol):
    """An adapter in Python: `ready` is its first message, `command` answers each message.

    An adapter that sends events has an attribute `emit`, which is set to a function that takes
    one. A `cancel` comes while the command of its `id` is under way, in another thread; what
    `command` gives for it is no reply, unless it is `unsupported`.
    """

    @property
    def ready(self) -> Message:
        """The `ready` message."""
        ...

    def command(self, message: dict[str, object]) -> Message:
        """Answer a message."""
        ...


def is_reply(sent: Message, answer: Message) -> bool:
    """Tell whether an answer is a command's reply; to a `cancel` it is so only where it failed."""
    failed = answer.get("type") == "adapter_error" or answer.get("kind") == Kind.UNSUPPORTED
    return sent.get("type") != "cancel" or failed
