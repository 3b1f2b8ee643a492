"""What asyncio's loops of Windows lack, in each process that finds this file on its path."""

import asyncio


def lacks(*arguments: object) -> None:
    """Do as the loops of Windows do."""
    raise NotImplementedError


for name in ("add_signal_handler", "remove_signal_handler"):
    setattr(asyncio.SelectorEventLoop, name, lacks)
