"""What the broker knows and decides, as pure values and functions: no I/O, no framework."""
