"""What can go wrong on demand: one file for each kind of fault, and their base in `fault.py`."""
