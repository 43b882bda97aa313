"""How a machine is set up: what `start.sh` runs before anything is installed, and what a person types.

`start.sh` makes the virtual environment of a checkout and starts the program in it, so that one command is enough. It
has to do without our packages, which is why `requirements` uses only the standard library.
"""
