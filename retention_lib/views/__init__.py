"""What people see: the only place with widgets, charts and the server."""
