"""The pytest plugin: fixtures, markers and flags of the kit; loads nothing heavy by itself."""
