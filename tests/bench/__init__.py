"""`make bench`: our figures, each beside a raw limit that is measured in the same run. No figure fails it."""
