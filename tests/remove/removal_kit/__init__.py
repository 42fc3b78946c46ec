"""What the tests of the codemod share: a small SDK, before-and-after checks, and programs to run on both sides."""
