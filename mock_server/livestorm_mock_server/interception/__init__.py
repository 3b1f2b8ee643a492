"""The fake in the place of Livestorm's hosts."""
