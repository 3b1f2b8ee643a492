"""The tests under other conditions than those of the machine at hand: `make compat`."""
