"""Published tables in, our figures out."""
