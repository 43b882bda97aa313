// Parts of the program that a first visit does not fetch: each comes once, is checked, and is kept beside the rest, when
// it is needed or at the second visit, after which nothing needs a network.
const HERE = new URL(".", self.location.href)

export const addPart = async (python, app, name, cacheName) => {
  python.unpackArchive(await keptPart(name, cacheName), "tar", { extractDir: app })
  python.runPython("import importlib; importlib.invalidate_caches()")
}

export const keepParts = async cacheName => {
  for (const { name } of await laterParts()) await keptPart(name, cacheName)
}

const keptPart = async (name, cacheName) => {
  const cache = await caches.open(cacheName), address = new URL(name, HERE).href, held = await cache.match(address)
  if (held) return held.arrayBuffer()
  const data = await fetched(name)
  await cache.put(address, new Response(data)).catch(() => {})  // no room: it is fetched again another day
  return data
}

const laterParts = async () => (await (await fetch(new URL("manifest.json", HERE))).json()).later

const fetched = async name => {
  const part = (await laterParts()).find(each => each.name === name)
  const answer = await fetch(new URL(`${name}.gz?${part.sha256.slice(0, 8)}`, HERE), { cache: "no-store" })
  if (!answer.ok) throw new Error(name)
  const data = await new Response(answer.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer()
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data))
  if ([...digest].map(byte => byte.toString(16).padStart(2, "0")).join("") !== part.sha256) throw new Error(name)
  return data
}
