"""The weekly page: the debt of each flag, ranked and by owner, how it moved, and the graph of flags."""
