"""The browser front end: the same interview, list and verdict as in the terminal, and workshops with many phones.

How a request travels: `http.guard` checks it before anything is parsed; `app` finds the session and runs the route's
handler, in the store's thread where the route needs the store; `responses` turns the handler's result into HTTP.

- `route_table` lists every address with the role it requires and the handlers that answer it.
- `http` holds what every page rests on: limits, sessions, forms, the store's thread. It knows no page.
- `own` holds the pages of one library on its own machine, `workshop` those of a workshop, for facilitators and
  participants; `interview_pages` and `assessment_pages` serve both.
- A handler takes a `RequestContext` and returns a `HandlerResult`. It knows neither Starlette nor sockets, so tests can
  call it directly.

Rules about verdicts, workshops and wording live in `usecases` and `presentation`, not here. Only `http.store_worker`
touches the store, in one thread, so a response that says "saved" means that the change has been committed.
"""
