"""New titles from a library catalog: fetch (the only network) | parse (pure) | ingest | digest (pure) | draft."""
