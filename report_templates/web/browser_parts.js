// Parts of the program that a first visit does not fetch: each comes once, is checked, and is kept beside the rest.
const HERE = new URL(".", self.location.href)

export const addPart = async (python, app, name, cacheName) => {
  const cache = await caches.open(cacheName), address = new URL(name, HERE).href
  const held = await cache.match(address), data = held ? await held.arrayBuffer() : await fetched(name)
  if (!held) await cache.put(address, new Response(data)).catch(() => {})  // no room: it is fetched again another day
  python.unpackArchive(data, "tar", { extractDir: app })
  python.runPython("import importlib; importlib.invalidate_caches()")
}

const fetched = async name => {
  const { later } = await (await fetch(new URL("manifest.json", HERE))).json(), part = later.find(each => each.name === name)
  const answer = await fetch(new URL(`${name}.gz?${part.sha256.slice(0, 8)}`, HERE), { cache: "no-store" })
  if (!answer.ok) throw new Error(name)
  const data = await new Response(answer.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer()
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data))
  if ([...digest].map(byte => byte.toString(16).padStart(2, "0")).join("") !== part.sha256) throw new Error(name)
  return data
}
