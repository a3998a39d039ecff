"""From any address of a catalog to its feed of new titles."""
