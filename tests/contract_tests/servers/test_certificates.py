"""The suite's own authority."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from livestorm_contract_tests.servers import certificates


def test_cases_at_once_share_one_authority() -> None:
    """A client is told of the authority whose certificates it will meet."""
    certificates._authority.cache_clear()
    together = Barrier(8)

    def ask(_: int) -> str:
        together.wait()
        return certificates.authority().pem

    with ThreadPoolExecutor(8) as workers:
        assert len(set(workers.map(ask, range(8)))) == 1
