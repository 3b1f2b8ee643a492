"""What must hold after every operation, whatever the server answers."""
