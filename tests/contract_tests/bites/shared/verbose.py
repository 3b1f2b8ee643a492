"""What is said at too great length."""

import secrets

from ...model_client.authorization import Authorization


class CarriesItsSessionAlong(Authorization):
    """Keeps a whole session in the state, encrypted."""

    def new_state(self) -> str:
        """Draw as much."""
        return secrets.token_urlsafe(6_000)
