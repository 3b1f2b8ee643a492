"""What a client may make of an answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ..driving.kinds import Kind

MAY_BE_REPEATED: Final = (408, 421, 425)
"""Statuses after which a request may be sent again: RFC 9110, sections 15.5.9 and 15.5.20, after
which `fetch` does so unasked; RFC 8470."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Tokens that an answer brings; `refresh_token` is None when it brings none."""

    access_token: str
    refresh_token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """The kinds that may be reported, and what may be stored by a client that reports ok."""

    kinds: frozenset[Kind]
    grants: frozenset[Grant] = frozenset()

    @property
    def brings_tokens(self) -> bool:
        """Tell whether the answer may be taken for a success."""
        return bool(self.grants)

    @property
    def must_bring_tokens(self) -> bool:
        """Tell whether the answer can be taken for nothing else."""
        return self.kinds == {Kind.OK}

    @property
    def may_end_grant(self) -> bool:
        """Tell whether the answer may be taken for the end of the grant."""
        return Kind.REAUTH_REQUIRED in self.kinds

    @property
    def must_end_grant(self) -> bool:
        """Tell whether the answer can be taken for nothing else."""
        return self.kinds == {Kind.REAUTH_REQUIRED}


def allow(*kinds: Kind) -> Allowance:
    """Allow these kinds, and no tokens."""
    return Allowance(kinds=frozenset(kinds))


def allow_either(allowances: Iterable[Allowance]) -> Allowance:
    """Allow what any one of them allows."""
    every = list(allowances)
    return Allowance(
        kinds=frozenset().union(*(one.kinds for one in every)),
        grants=frozenset().union(*(one.grants for one in every)),
    )
