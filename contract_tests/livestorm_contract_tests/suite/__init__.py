"""Running the cases of the catalogue against a client, and the verdict."""
