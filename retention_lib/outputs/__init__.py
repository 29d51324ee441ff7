"""What can be taken away from an answer."""
