"""`python -m flaglint`."""

from flaglint.cli import main

if __name__ == "__main__":
    main()
