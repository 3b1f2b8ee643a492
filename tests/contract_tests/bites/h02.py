"""H02: a client whose errors hold its settings."""

from .shared.talkative import ShowsItsSettings
from .table import Bite, Table

TABLE = Table(
    [
        Bite(ShowsItsSettings, {"nothing-told"}),
    ],
)
