"""The store of several processes: one Lua script on a Redis server."""
