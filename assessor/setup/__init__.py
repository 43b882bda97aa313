"""What `start.sh` needs to set up a machine; runs before anything is installed."""
