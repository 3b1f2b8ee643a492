"""Every small change of the reference client, and whether the contract suite notices it."""
