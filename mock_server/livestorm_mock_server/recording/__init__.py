"""From a recording of the real service to a scenario, without the secrets of it."""
