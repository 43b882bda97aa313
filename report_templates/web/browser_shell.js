// The page that stays: it fetches the program once, owns the worker that runs it, and shows its pages in a frame.
const { facts, words } = JSON.parse(document.getElementById("data").textContent)
const language = navigator.languages.map(each => each.toLowerCase().split("-")[0]).find(each => each in words) || "en"
const say = words[language], $ = id => document.getElementById(id)
const CACHE = "assessor-program", KEPT = "assessor-kept", COMPILED = "assessor-compiled"
let worker, keep = false, unsaved = false, handle

document.documentElement.lang = say.tag
for (const each of document.querySelectorAll("[data-say]")) each.textContent = say[each.dataset.say]
const tell = text => { $("told").textContent = text }
const show = (id, shown = true) => { $(id).hidden = !shown }

const impossible = () => {
  if (!isSecureContext) return say.needs_https
  if (location.pathname !== "/" && location.pathname !== "/index.html") return say.needs_root
  const there = [navigator.serviceWorker, navigator.locks, self.WebAssembly, self.DecompressionStream, self.caches]
  return there.every(Boolean) ? "" : say.needs_browser
}

const hex = buffer => [...new Uint8Array(buffer)].map(byte => byte.toString(16).padStart(2, "0")).join("")

const newest = async () => (await fetch("/published/manifest.json", { cache: "no-store" })).json()
const held = async () => (await caches.match("/published/manifest.json"))?.json()

// All files are checked and unpacked before any of them counts, and the list of them comes last.
const fetchProgram = async manifest => {
  const total = manifest.files.reduce((sum, each) => sum + each.packed, 0), cache = await caches.open(CACHE)
  let come = 0
  show("progress")
  $("progress").max = total
  const unpacked = []
  for (const each of manifest.files) {
    const answer = await fetch(`/published/${each.name}.gz?${each.sha256.slice(0, 8)}`, { cache: "no-store" })
    if (!answer.ok) throw new Error(each.name)
    const parts = []
    for (const reader = answer.body.getReader(); ;) {
      const { done, value } = await reader.read()
      if (done) break
      parts.push(value)
      come += value.length
      $("progress").value = come
      tell(say.fetching.replace("{come}", (come / 1e6).toFixed(1)).replace("{total}", (total / 1e6).toFixed(1)))
    }
    const data = await new Response(new Blob(parts).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer()
    if (hex(await crypto.subtle.digest("SHA-256", data)) !== each.sha256) throw new Error(each.name)
    unpacked.push([each, data])
  }
  for (const [each, data] of unpacked) {
    await cache.put(each.path, new Response(data, { headers: { "content-type": each.type } }))
  }
  await cache.put("/published/manifest.json", new Response(JSON.stringify(manifest)))
  show("progress", false)
}

const call = (act, given) => new Promise((resolve, reject) => {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = ({ data }) => "failed" in data ? reject(new Error(data.failed)) : resolve(data.done)
  worker.postMessage({ act, given }, [port2])
})

const tellState = () => {
  $("state").textContent = unsaved ? say.unsaved : ""
  $("kept").textContent = keep ? say.kept : say.not_kept
}

navigator.serviceWorker?.addEventListener("message", async ({ data: { asking }, ports: [port] }) => {
  if (!worker || !asking) return port?.postMessage({})
  try {
    const answer = await call("ask", asking)
    if (asking.method === "POST" && answer.status < 400 && !asking.address.startsWith("/language")) unsaved = true
    port.postMessage(answer)
  } catch {
    port.postMessage({ status: 500, headers: [["content-type", "text/plain"]], body: new TextEncoder().encode(say.failed) })
  }
  tellState()
})

const save = async () => {
  const data = await call("export"), file = new Blob([data], { type: "application/json" })
  if (!data.length) return tell(say.nothing_yet)
  if (self.showSaveFilePicker) {
    try { handle ||= await self.showSaveFilePicker({ suggestedName: "assessor.json" }) } catch { return }
    const writing = await handle.createWritable()
    await writing.write(file)
    await writing.close()
    unsaved = false
  } else {
    const link = document.createElement("a")
    link.href = URL.createObjectURL(file)
    link.download = "assessor.json"
    link.click()
    unsaved = false
  }
  tell(say.saved)
  tellState()
}

const open = async () => {
  const [file] = $("file").files
  if (!file) return
  try {
    await call("open", { data: new Uint8Array(await file.arrayBuffer()), name: file.name })
    $("pages").contentWindow.location.assign("/")
    tell(say.taken_in)
  } catch {
    tell(say.not_taken_in)
  }
  $("file").value = ""
}

const run = async () => {
  show("question", false)
  worker = new Worker("/published/worker.js", { type: "module" })
  worker.onmessage = ({ data }) => tell(say[data.step])
  tell(say.loading)
  await call("start", { ...facts, language, keep })
  $("pages").src = "/"
  show("pages")
  show("acts")
  tell("")
  tellState()
  $("pages").addEventListener("load", () => setTimeout(keepCompiled, 1000), { once: true })
}

const keepCompiled = async () => {
  const { version } = await held()
  if (localStorage.getItem(COMPILED) === version) return
  await call("keepCompiled").catch(() => null)
  localStorage.setItem(COMPILED, version)
}

const asksWhose = () => {
  show("question")
  $("mine").onclick = () => { keep = true; localStorage.setItem(KEPT, "yes"); navigator.storage?.persist?.(); go() }
  $("shared").onclick = go
}

const go = () => run().catch(() => tell(say.failed))

const begin = async () => {
  const why = impossible()
  if (why) return tell(why)
  tell(say.loading)
  await navigator.serviceWorker.register("/service-worker.js", { type: "module" })
  await navigator.serviceWorker.ready
  const here = await held(), there = await newest().catch(() => here)
  if (!here) await fetchProgram(there)
  else if (there && there.version !== here.version) show("newer")
  $("newer").onclick = async () => { await fetchProgram(await newest()); location.reload() }
  tell("")
  keep = localStorage.getItem(KEPT) === "yes"
  if (keep) go(); else asksWhose()
}

$("save").onclick = () => save().catch(() => tell(say.not_saved))
$("print").onclick = () => $("pages").contentWindow.print()
$("file").onchange = open
self.addEventListener("beforeunload", event => { if (unsaved && !keep) event.preventDefault() })

// One window writes; another says so.
navigator.locks?.request("assessor", { ifAvailable: true }, lock => {
  if (!lock) return tell(say.other_window)
  return begin().catch(() => tell(say.failed)).then(() => new Promise(() => {}))
}) || tell(impossible())
