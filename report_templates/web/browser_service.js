// The service worker of a published folder. The program's files come from what the page has unpacked, a page for the
// whole window is always the shell, and what a frame asks for is handed to the shell, whose worker runs the program.
const FILES = "/published/"
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; " +
  "frame-src 'self'; style-src 'self'; img-src data:; font-src 'self'; base-uri 'none'; form-action 'self'; " +
  "frame-ancestors 'none'"

self.addEventListener("install", () => self.skipWaiting())
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()))

self.addEventListener("fetch", event => {
  const { request } = event, { origin, pathname } = new URL(request.url)
  if (origin !== self.location.origin) return event.respondWith(Response.error())
  if (request.destination === "document") return event.respondWith(file("/index.html"))
  if (request.cache === "no-store" && pathname.startsWith(FILES)) return  // the page looks for a newer version
  event.respondWith(pathname.startsWith(FILES) ? file(pathname) : asked(request))
})

const file = async path => {
  const kept = await caches.match(path) || await fetch(path)
  const headers = new Headers(kept.headers)
  headers.set("content-security-policy", POLICY)
  return new Response(kept.body, { status: kept.status, headers })
}

const asked = async request => {
  const body = request.method === "POST" ? new Uint8Array(await request.arrayBuffer()) : new Uint8Array()
  const headers = [...request.headers, ["accept-language", navigator.languages.join(",")]]
  const { pathname, search } = new URL(request.url)
  const asking = { method: request.method, address: pathname + search, headers, body }
  const windows = await self.clients.matchAll({ type: "window" })
  const shells = windows.filter(each => each.frameType === "top-level")
  if (!shells.length) return Response.error()
  const answer = await Promise.any(shells.map(shell => ask(shell, asking)))
  const empty = [204, 205, 303, 304].includes(answer.status)
  const location = answer.headers.find(([name]) => name === "location")
  if (location) return Response.redirect(new URL(location[1], self.location.origin), answer.status)
  return new Response(empty ? null : answer.body, { status: answer.status, headers: answer.headers })
}

const ask = (shell, asking) => new Promise((resolve, reject) => {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = ({ data }) => data.status ? resolve(data) : reject(new Error("not the shell that runs it"))
  shell.postMessage({ asking }, [port2])
})
