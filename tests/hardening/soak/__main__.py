"""`make soak`: 30 minutes of traffic, or as many as `MINUTES` says.

Exit status 1 where a flow failed that no fault had struck, or memory or latency grew.
"""

import sys
from datetime import date

from .. import figures
from .soaking import soak

MOST_GROWTH = 10_000_000
MOST_SLOWER = 1.5


def main() -> int:
    """Soak, print and keep the figures; give the exit status."""
    minutes = float(sys.argv[1])
    soaked = soak(minutes * 60, seed=1)
    seen, grown = soaked.seen, soaked.memory_after - soaked.memory_before
    first, last = soaked.latencies
    told: dict[str, str | int] = {
        "minutes": f"{minutes:g}",
        "flows of five to six requests": seen.flows,
        "of them struck by a fault": seen.faults,
        "failures that no fault explains": len(seen.unexplained),
        "memory after a fifth of the time": f"{soaked.memory_before / 1e6:.1f} MB",
        "memory at the end": f"{soaked.memory_after / 1e6:.1f} MB",
        "latency at the end, in relation to the beginning": f"{last / first:.2f}",
    }
    for what, figure in told.items():
        print(f"{what}: {figure}")
    for failure in seen.unexplained[:20]:
        print(failure)
    figures.keep("soak", told, on=date.today())
    return 1 if seen.unexplained or grown > MOST_GROWTH or last / first > MOST_SLOWER else 0


if __name__ == "__main__":
    sys.exit(main())
