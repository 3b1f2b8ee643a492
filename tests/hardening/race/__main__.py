"""Have 500 clients exchange one code at the same time, over four workers, again and again."""

import asyncio
import sys
import tempfile
from pathlib import Path

from ...mock_server.redis_servers import redis_process
from .racing import CLIENTS, WORKERS, race, serve


def main() -> int:
    """Play the rounds that the command line asks for; 1 where a code was given twice, or never."""
    rounds = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder, redis_process(Path(folder)) as (_, socket):
        served = serve(f"unix://{socket}", seconds=None)
        try:
            counted = asyncio.run(race(served.describes_itself(), rounds, tell))
        finally:
            served.kill()
    wrong = [dict(one) for one in counted if one != {200: 1, 400: CLIENTS - 1}]
    print(f"{rounds} rounds of {CLIENTS} clients over {WORKERS} workers: {len(wrong)} went wrong")
    for one in wrong[:10]:
        print(one)
    return 1 if wrong else 0


def tell(done: int) -> None:
    """Tell now and then how far it is."""
    if done % 100 == 0:
        print(f"{done} rounds", flush=True)


if __name__ == "__main__":
    sys.exit(main())
