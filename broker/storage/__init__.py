"""Where the broker keeps everything: SQLite or PostgreSQL, behind the ports of the services."""
