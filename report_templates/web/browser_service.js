// The service worker of one version of a published folder. The program's files come from what the page has unpacked, a
// page for the whole window is always the shell, and what a frame asks for is handed to the shell, whose worker runs
// the program. Its own address names the version, so that a newer folder changes nothing until the shell asks for it.
const { scope } = self.registration, NAME = `assessor ${new URL(scope).pathname} `
const VERSION = self.location.pathname.match(/-([0-9a-f]+)\.js$/)[1], FILES = `${scope}published/`, LOOK = `${scope}look/`
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; " +
  "frame-src 'self'; style-src 'self'; img-src data:; font-src 'self'; base-uri 'none'; form-action 'self'; " +
  "frame-ancestors 'none'"

const forgetOthers = async () => {
  const others = (await caches.keys()).filter(name => name.startsWith(NAME) && name !== NAME + VERSION)
  await Promise.all(others.map(name => caches.delete(name)))
}

self.addEventListener("install", () => self.skipWaiting())
self.addEventListener("activate", event => event.waitUntil(self.clients.claim().then(forgetOthers)))

self.addEventListener("fetch", event => {
  const { request } = event, { origin, pathname } = new URL(request.url), address = origin + pathname
  if (!address.startsWith(scope)) return event.respondWith(Response.error())
  if (request.destination === "document") {
    const isShell = address === scope || address === `${scope}index.html`
    return event.respondWith(isShell ? file(`${scope}index.html`, request) : Response.redirect(scope))
  }
  if (request.cache === "no-store" && address.startsWith(FILES)) return  // the page looks for a newer version
  event.respondWith(address.startsWith(FILES) ? file(address, request) : address.startsWith(LOOK) ? look(request) : asked(request))
})

// As it is kept, but where it becomes a page or a worker: beside what is kept as it is, browsers keep compiled code.
const file = async (address, { destination }) => {
  const cache = await caches.open(NAME + VERSION).catch(() => null)
  const kept = await cache?.match(address) || await unpacked(address)
  if (!["document", "iframe", "worker"].includes(destination)) return kept
  const headers = new Headers(kept.headers)
  headers.set("content-security-policy", POLICY)
  return new Response(kept.body, { status: kept.status, headers })
}

const TYPES = { html: "text/html", css: "text/css", js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm" }

// What a browser has not kept, or has thrown away, comes from the server again.
const unpacked = async address => {
  const name = address.slice(address.lastIndexOf("/") + 1), answer = await fetch(`${FILES}${name}.gz`)
  if (!answer.ok) return answer
  const type = TYPES[name.slice(name.lastIndexOf(".") + 1)] || "application/octet-stream"
  return new Response(answer.body.pipeThrough(new DecompressionStream("gzip")), { headers: { "content-type": type } })
}

// Styles, scripts and typefaces are the version's own: the program is asked for each once.
const look = async request => {
  const cache = await caches.open(NAME + VERSION).catch(() => null), kept = await cache?.match(request)
  if (kept) return kept
  const answer = await asked(request)
  if (answer.ok) cache?.put(request, answer.clone()).catch(() => {})  // no room: it is asked for again
  return answer
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
