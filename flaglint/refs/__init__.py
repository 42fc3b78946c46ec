"""Finding references: SDK packs, the byte screen, the facts of one file, and the link over the whole program."""
