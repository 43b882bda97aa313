"""The ground that pages stand on: who asks, within which limits, and beside which store."""
