"""Sandboxes that several processes share: their state, faults and journal on a Redis server."""
