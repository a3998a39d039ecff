"""Look around: a practice library with a week of posts, a small catalog, and nobody outside who sees it."""
