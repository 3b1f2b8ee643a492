"""What the fake logged as its own failure."""

import logging


class FailureLog(logging.Handler):
    """Collects the records of failures; uvicorn's and asyncio's are the fake's too."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self._records.append(record)

    def clear(self) -> None:
        """Forget all."""
        self._records.clear()

    def failures(self) -> list[str]:
        """Tell what failed, in words."""
        return [_in_words(record) for record in self._records]


def _in_words(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    return f"{record.name}: {record.getMessage()[:120]} {error!r:.200}"
