"""Lets `python -m dispatch` be the command `laluan`."""

from dispatch.cli import main

if __name__ == "__main__":
    main()
