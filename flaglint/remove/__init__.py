"""The codemod: a flag pinned to one value, what follows from it folded, pruned and swept, and all of it verified."""
