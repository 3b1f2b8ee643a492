"""A network and mount namespace of the command's own, in which nothing but the fake is reached."""
