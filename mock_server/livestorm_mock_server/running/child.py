"""The end of the command."""

import asyncio
import os
import threading


def exit_status(waited: int) -> int:
    """Give the status that a shell would: the command's own, or 128 + the number of a signal."""
    code = os.waitstatus_to_exitcode(waited)
    return 128 - code if code < 0 else code


async def wait_for(process_id: int, *, alone: bool = True) -> int:
    """Wait for a child, from a thread, as each system offers it; give its exit status.

    Where it is not `alone`, other children that end before it, such as orphans of its own, have
    nobody else to wait for them. Raises OSError where somebody else has waited for it.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[int] = loop.create_future()

    def wait() -> None:
        ended_id, waited = 0, 0
        try:
            while ended_id != process_id:
                ended_id, waited = os.waitpid(process_id if alone else -1, 0)
        except OSError as error:
            loop.call_soon_threadsafe(ended.set_exception, error)
        else:
            loop.call_soon_threadsafe(ended.set_result, exit_status(waited))

    threading.Thread(target=wait, name="command", daemon=True).start()
    return await ended
