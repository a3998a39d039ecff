"""Libraries, invitations, one-time links, membership."""
