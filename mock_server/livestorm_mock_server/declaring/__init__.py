"""Collections as a scenario declares them, and what is made of that."""
