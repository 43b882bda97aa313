// Parts of the program that a first visit does not fetch: each comes once, is checked, and is kept beside the rest.
const PROGRAM = "assessor-program"

export const addPart = async (python, name) => {
  const manifest = await (await fetch("manifest.json")).json()
  const part = manifest.later.find(each => each.name === name)
  const data = await kept(part) || await fetched(part)
  python.unpackArchive(data, "tar", { extractDir: "/app" })
  python.runPython("import importlib; importlib.invalidate_caches()")
}

const kept = async part => (await caches.match(part.path))?.arrayBuffer()

const fetched = async part => {
  const answer = await fetch(`${part.name}.gz?${part.sha256.slice(0, 8)}`, { cache: "no-store" })
  if (!answer.ok) throw new Error(part.name)
  const data = await new Response(answer.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer()
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data))
  const hex = [...digest].map(byte => byte.toString(16).padStart(2, "0")).join("")
  if (hex !== part.sha256) throw new Error(part.name)
  const cache = await caches.open(PROGRAM)
  for (const { url } of await cache.keys()) {
    if (new URL(url).pathname.startsWith(`/published/${part.name}-`)) await cache.delete(url)
  }
  await cache.put(part.path, new Response(data, { headers: { "content-type": part.type } }))
  return data
}
