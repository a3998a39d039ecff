"""A feed's bytes into titles in plain words, where it cannot hurt."""
