from connected import connected


def test_user_is_known(livestorm_hosts):
    tokens = livestorm_hosts.issue_tokens()
    assert connected(tokens["access_token"]) == "ada.martin@example.test"


def test_nobody_is_known_once_access_is_revoked(livestorm_hosts):
    tokens = livestorm_hosts.issue_tokens()
    livestorm_hosts.revoke_token(tokens["access_token"])
    assert connected(tokens["access_token"]) is None


def test_limit_is_waited_for(livestorm_hosts):
    tokens = livestorm_hosts.issue_tokens()
    livestorm_hosts.faults.arm("api.me", "rate_limited", retry_after=1, times=1)
    assert connected(tokens["access_token"]) == "ada.martin@example.test"
    assert livestorm_hosts.audit() == []
