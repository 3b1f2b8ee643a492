"""What follows redirects."""

from typing import Any
from urllib.parse import urljoin, urlsplit

from ...model_client.sending import Sending
from ...model_client.values import Answer

MOST_REDIRECTS = 20


class FollowsRedirects(Sending):
    """Leaves its HTTP library's default as it is: the credentials stay with their origin."""

    def follows_redirects(self) -> bool:
        """Follow."""
        return True

    def send(self, method: str, url: str, *, headers: dict[str, str], **content: Any) -> Answer:
        """Follow, as browsers do."""
        answer = super().send(method, url, headers=headers, **content)
        for _ in range(MOST_REDIRECTS):
            redirects = answer.status in (301, 302, 303, 307, 308) and answer.headers["location"]
            if not redirects or not self.follows_redirects():
                break
            if answer.status < 307:
                method, content = "GET", {}
            origin, url = urlsplit(url)[:2], urljoin(url, answer.headers["location"])
            if urlsplit(url)[:2] != origin:
                headers = {k: v for k, v in headers.items() if k != "Authorization"}
            answer = super().send(method, url, headers=headers, **content)
        return answer
