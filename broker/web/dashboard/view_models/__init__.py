"""What templates need and the domain does not say: grids, trees, differences, commands."""
