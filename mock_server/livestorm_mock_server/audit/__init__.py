"""What the clients did wrong: the rules and the reading of the journal that they share."""
