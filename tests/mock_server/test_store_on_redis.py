"""What is promised of the store on Redis alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server.store.protocol import AlreadyUsedError, RateLimits, Rotation
from livestorm_mock_server.store.redis.encoding import decode_time, encode_scopes, encode_time
from livestorm_mock_server.store.redis.store import RedisStore
from redis.crc import key_slot

from .redis_servers import BlockingServer
from .test_store import ADA, CLIENT, done, grant_of, token_request

TIMES = st.floats(allow_nan=False)
SCOPES = st.lists(st.text(alphabet="ab:+\\01é"))


def keys_of(server: BlockingServer) -> list[bytes]:
    """Give all keys on a server."""
    return [bytes(key) for key in server.client.scan_iter()]


def filled(server: BlockingServer, name: str) -> RedisStore:
    """Make a store that holds a bit of everything."""
    server.client.flushdb()
    store = RedisStore(server, name)
    done(store.add_application(CLIENT))
    done(store.issue_code(grant_of("code", 0)))
    done(store.issue_token(token_request("a", 0), reuse=False))
    return store


@given(TIMES, TIMES)
def test_times_sort_as_their_texts_do(one: float, other: float) -> None:
    """An earlier time has the lesser text, and a text is just one time."""
    assert (encode_time(one) < encode_time(other)) == (one < other)
    assert decode_time(encode_time(one)) == one


@given(SCOPES, SCOPES)
def test_scopes_have_one_text_whatever_their_order(one: list[str], other: list[str]) -> None:
    """Just the same scopes have the same text, and none has a separator of the index."""
    assert (encode_scopes(one) == encode_scopes(other)) == (set(one) == set(other))
    assert ":" not in encode_scopes(one)


def test_stores_of_one_name_are_one(redis_server: BlockingServer) -> None:
    """What one process has put there, another one finds, and gives only once."""
    one, other = filled(redis_server, "shared"), RedisStore(redis_server, "shared")
    token = done(one.redeem_code("code", token_request("b", 1), reuse=False))
    assert done(other.find_token("access-b")) == token
    assert done(other.issue_token(token_request("c", 1), reuse=False)).id == token.id + 1


def test_stores_of_other_names_are_apart(redis_server: BlockingServer) -> None:
    """A store knows nothing of another, and is cleared alone."""
    one, other = filled(redis_server, "one"), RedisStore(redis_server, "other")
    assert done(other.find_token("access-a")) is None
    done(other.clear())
    assert done(one.find_token("access-a")) is not None


def test_rehearsal_is_seen_by_nobody_else(redis_server: BlockingServer) -> None:
    """Within a rehearsal its operations build on each other; outside there are none of them."""
    store = filled(redis_server, "rehearsed")

    async def rehearse() -> tuple[bool, bool]:
        async with store.rehearsal() as rehearsed:
            await rehearsed.redeem_code("code", token_request("b", 1), reuse=False)
            new = token_request("c", 2)
            await rehearsed.rotate("refresh-b", new, rotation=Rotation(mode="instant"))
            there = await rehearsed.find_token("access-c")
            return there is not None, await store.find_token("access-b") is not None

    assert done(rehearse()) == (True, False)


def test_rehearsal_leaves_all_as_it_was(redis_server: BlockingServer) -> None:
    """What a rehearsal writes is taken back, counters and all."""
    store = filled(redis_server, "rehearsed")

    async def rehearse() -> None:
        async with store.rehearsal() as rehearsed:
            await rehearsed.redeem_code("code", token_request("b", 1), reuse=False)
            await rehearsed.revoke_application(ADA, CLIENT.id, 2)

    before = _contents(redis_server)
    done(rehearse())
    assert _contents(redis_server) == before


def test_keys_of_a_store_are_on_one_node_of_a_cluster(redis_server: BlockingServer) -> None:
    """All keys have the slot of the store's name, whatever is in it."""
    filled(redis_server, "{odd}/name")
    assert len({key_slot(key) for key in keys_of(redis_server)}) == 1


def test_only_what_nobody_uses_ends_by_itself(redis_server: BlockingServer) -> None:
    """Each key lives on for weeks after any operation, and not for ever."""
    filled(redis_server, "idle")
    lives = [redis_server.client.ttl(key) for key in keys_of(redis_server)]
    assert all(int(life) > 7 * 86_400 for life in lives)


def _contents(server: BlockingServer) -> dict[bytes, object]:
    client = server.client
    return {
        key: client.zrange(key, 0, -1) if key.endswith(b":index") else client.hgetall(key)
        for key in keys_of(server)
    }


def test_request_that_came_first_and_is_late_has_nothing_again(
    redis_server: BlockingServer,
) -> None:
    """Of two refreshes that are under way at once, one counts, in whatever order their times are:
    workers read the clock before Redis has their turn.
    """
    store = filled(redis_server, "late")
    store.clock = "as it runs"
    instant = Rotation(mode="instant")
    done(store.rotate("refresh-a", token_request("b", 2), rotation=instant))
    with pytest.raises(AlreadyUsedError):
        done(store.rotate("refresh-a", token_request("c", 1), rotation=instant))


def test_clock_that_was_set_back_goes_for_all(redis_server: BlockingServer) -> None:
    """What was revoked at a time that is still to come is valid, as by one process's store."""
    store = filled(redis_server, "set back")
    store.clock = "as it runs"
    done(store.revoke_token(1, 500))
    store.clock = "set back"
    instant = Rotation(mode="instant")
    assert done(store.rotate("refresh-a", token_request("b", 100), rotation=instant)).id == 2


def test_late_request_begins_no_new_period(redis_server: BlockingServer) -> None:
    """A request that read the clock before the last one of the second before counts with it."""
    store = RedisStore(redis_server, "late limits")
    store.clock = "as it runs"
    limits = RateLimits(interval_limit=5, monthly_limit=9, monthly_period="30_days")
    counts = [done(store.count_request("w", now, now, limits)) for now in (10.1, 11.0, 10.9, 11.1)]
    assert [one.interval_remaining for one in counts] == [4, 4, 3, 2]
    assert [one.monthly_remaining for one in counts] == [8, 7, 6, 5]
