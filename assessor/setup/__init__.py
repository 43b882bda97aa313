"""How a machine is set up: what `start.sh` runs before anything is installed, and what a person types."""
