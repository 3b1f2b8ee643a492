"""What follows redirects."""

from ...model_client.sending import Sending


class FollowsRedirects(Sending):
    """Leaves its HTTP library's default as it is."""

    def follows_redirects(self) -> bool:
        """Follow."""
        return True
