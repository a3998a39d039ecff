"""Pictures that we draw: cards that stand for books, and several of them together."""
