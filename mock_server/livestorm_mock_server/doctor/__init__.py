"""The command `doctor`: which way leads which program to the fake on this machine."""
