"""Pages of one library on its own machine: the way in, and the list of collaborations."""
