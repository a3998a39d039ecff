"""Places to post to: connect, check, pause, pause everything."""
