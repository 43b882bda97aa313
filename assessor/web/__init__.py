"""The same interview, list and verdict as pages: for one librarian in a browser, and the ground that rooms stand on.

`routes` is the one table of what can be asked for and by whom; `app` puts it behind the `guard`; a handler in `pages`
gets a `Visit` and gives back an `Answer`, and knows neither requests nor sockets. Only `keeper` touches the store, in
one thread, so that what is answered "saved" has been committed.
"""
