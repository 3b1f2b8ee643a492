"""Who has connected their Livestorm account."""

import time

import httpx

API = "https://api.livestorm.co/v1"


def connected(access_token: str) -> str | None:
    """Give the e-mail address of whose token it is; None where they have to connect again."""
    headers = {"Authorization": f"Bearer {access_token}"}
    answer = httpx.get(f"{API}/me", headers=headers)
    if answer.status_code == 429:
        time.sleep(int(answer.headers["Retry-After"]))
        answer = httpx.get(f"{API}/me", headers=headers)
    if answer.status_code == 401:
        return None
    answer.raise_for_status()
    return answer.json()["data"]["attributes"]["email"]
