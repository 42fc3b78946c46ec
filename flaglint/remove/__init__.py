"""remove."""
