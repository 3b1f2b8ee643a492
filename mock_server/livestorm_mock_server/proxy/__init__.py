"""A forward proxy that has the fake where Livestorm's hosts are."""
