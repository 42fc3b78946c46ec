"""Release notes of flags, for people who do not read code: what changed for users between two revisions."""
