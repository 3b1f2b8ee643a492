"""What is given once is given once, however many ask several workers at the same time."""

import asyncio
from pathlib import Path

from ...mock_server.redis_servers import need_server, redis_process
from .racing import CLIENTS, race, serve

ROUNDS = 2


def test_code_is_exchanged_once_over_all_workers(tmp_path: Path) -> None:
    """Of 500 exchanges of one code that are under way at once, just one has the tokens."""
    need_server()
    with redis_process(tmp_path) as (_, socket):
        served = serve(f"unix://{socket}", seconds=120)
        try:
            counted = asyncio.run(race(served.describes_itself(), ROUNDS, tell=id))
        finally:
            served.kill()
    assert counted == [{200: 1, 400: CLIENTS - 1}] * ROUNDS
