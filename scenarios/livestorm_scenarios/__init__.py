"""The situations the fake can be put into, one TOML file each."""
