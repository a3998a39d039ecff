"""Images: checked, re-encoded, stored under the digest of their bytes."""
