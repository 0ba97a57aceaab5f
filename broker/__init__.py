"""Tallystick's broker: stores contracts, compares them, and answers can-i-deploy."""
