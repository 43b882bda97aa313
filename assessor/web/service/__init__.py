"""Pages of a service for many libraries: the way in, the host's page, and what a library has beside its own pages."""
