"""The end of the command."""

import asyncio
import os
import threading


def exit_status(waited: int) -> int:
    """Give the status that a shell would: the command's own, or 128 + the number of a signal."""
    code = os.waitstatus_to_exitcode(waited)
    return 128 - code if code < 0 else code


async def wait_for(process_id: int) -> int:
    """Wait for a child, from a thread, as each system offers it; give its exit status.

    Raises OSError where somebody else has waited for it.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[int] = loop.create_future()

    def wait() -> None:
        try:
            _, waited = os.waitpid(process_id, 0)
        except OSError as error:
            loop.call_soon_threadsafe(ended.set_exception, error)
        else:
            loop.call_soon_threadsafe(ended.set_result, exit_status(waited))

    threading.Thread(target=wait, name="command", daemon=True).start()
    return await ended
