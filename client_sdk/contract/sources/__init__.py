"""Contracts made out of something else: what an MCP server lists."""
