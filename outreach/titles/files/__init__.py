"""Lists in files: MARC, tables, Excel, ISBNs; what titles are in them, and what is wrong with the rest. Pure."""
