"""The story of a post: compose, check, approve, schedule, dispatch, publish, reconcile."""
