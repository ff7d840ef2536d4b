"""The steps by which the schema became what it is, in order; `dispatch.store.migrate` runs them."""
