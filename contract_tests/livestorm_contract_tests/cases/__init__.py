"""The cases of the catalogue, a file each, named by its id."""
