"""A small shop with feature flags."""
