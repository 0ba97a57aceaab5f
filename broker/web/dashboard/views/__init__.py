"""One module per screen: what it reads, and which template shows it."""
