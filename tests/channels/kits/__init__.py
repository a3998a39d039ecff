"""A server for each network, the most real one to be had, and what stands on it."""
