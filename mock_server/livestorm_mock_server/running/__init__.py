"""The command `run`: another command, for which the fake stands where Livestorm is."""
