"""The solver: some values of a term, or the certainty that there are none."""
