"""Linking across repositories: what one repository shows to others, written down, and several of them joined.

An `Index` holds no source text. It holds the references of its repository, and the facts of those units that another
repository may lead to (wrappers, constants, flag objects) or that lead out of it (calls of packages that are not in
it). Joined, these facts are one program, and the recogniser that reads files decides over it.
"""
