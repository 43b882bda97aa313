// The page that stays: it fetches the program once, owns the worker that runs it, and shows its pages in a frame.
const { facts, words } = JSON.parse(document.getElementById("data").textContent)
const language = navigator.languages.map(each => each.toLowerCase().split("-")[0]).find(each => each in words) || "en"
const say = words[language], $ = id => document.getElementById(id)
// Several folders may lie at one address: everything that a browser keeps is named by where this one lies.
const BASE = new URL("./", location.href), NAME = `assessor ${BASE.pathname}`, at = path => new URL(path, BASE).href
const KEPT = `${NAME} kept`, CHANGED = `${NAME} changed`, cacheName = version => `${NAME} ${version}`
const remembered = key => { try { return localStorage.getItem(key) } catch { return null } }
let worker, keep = false, stopped = false, handle, changes = Number(remembered(CHANGED)), saved = 0

document.documentElement.lang = say.tag
$("without").remove()
for (const each of document.querySelectorAll("[data-say]")) each.textContent = say[each.dataset.say]
const tell = text => { $("told").textContent = text }
const show = (id, shown = true) => { $(id).hidden = !shown }
const isUnsaved = () => changes !== saved

const impossible = () => {
  if (!isSecureContext) return say.needs_https
  const there = [navigator.serviceWorker, navigator.locks, self.WebAssembly, self.DecompressionStream, self.caches]
  return there.every(Boolean) ? "" : say.needs_browser
}

const hex = buffer => [...new Uint8Array(buffer)].map(byte => byte.toString(16).padStart(2, "0")).join("")

const newest = async () => (await fetch(at("published/manifest.json"), { cache: "no-store" })).json()
const isHeld = async version => Boolean(await (await caches.open(cacheName(version))).match(at("published/manifest.json")))

// All files are checked and unpacked before any of them counts, and the list of them comes last.
const fetchProgram = async manifest => {
  const total = manifest.files.reduce((sum, each) => sum + each.packed, 0), unpacked = []
  let come = 0
  show("progress")
  $("progress").max = total
  for (const each of manifest.files) {
    const name = each.path.split("/").pop()
    const answer = await fetch(at(`published/${name}.gz?${each.sha256.slice(0, 8)}`), { cache: "no-store" })
    if (!answer.ok) throw new Error(name)
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
    if (hex(await crypto.subtle.digest("SHA-256", data)) !== each.sha256) throw new Error(name)
    unpacked.push([each, data])
  }
  const cache = await caches.open(cacheName(manifest.version))
  for (const [each, data] of unpacked) {
    await cache.put(at(each.path), new Response(data, { headers: { "content-type": each.type } }))
  }
  await cache.put(at("published/manifest.json"), new Response(JSON.stringify(manifest)))
  show("progress", false)
}

const controlledBy = version => navigator.serviceWorker.controller?.scriptURL.endsWith(`-${version}.js`)

const control = async version => {
  const changed = new Promise(resolve => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }))
  await navigator.serviceWorker.register(at(`service-worker-${version}.js`))
  if (!controlledBy(version)) await changed
}

const takeNewer = async () => {
  if (isUnsaved() && !keep) return tell(say.save_first)
  const manifest = await newest()
  await fetchProgram(manifest)
  await control(manifest.version)
  self.removeEventListener("beforeunload", remind)
  location.reload()
}

const call = (act, given) => new Promise((resolve, reject) => {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = ({ data }) => "failed" in data ? reject(new Error(data.failed)) : resolve(data.done)
  worker.postMessage({ act, given }, [port2])
})

const tellState = () => {
  if (keep) localStorage.setItem(CHANGED, changes - saved)
  $("state").textContent = isUnsaved() ? say.unsaved : ""
  $("kept").textContent = keep ? say.kept : stopped ? say.keeps_no_more : say.not_kept
}

const keepsNoMore = () => {
  keep = false
  stopped = true
}

navigator.serviceWorker?.addEventListener("message", async ({ data: { asking }, ports: [port] }) => {
  if (!worker || !asking) return port?.postMessage({})
  try {
    const answer = await call("ask", asking)
    if (asking.method === "POST" && answer.status < 400 && !asking.address.endsWith("/language")) {
      changes++
      tell("")
    }
    if (keep && !answer.kept) keepsNoMore()
    tellState()
    port.postMessage(answer)
  } catch {
    port.postMessage({ status: 500, headers: [["content-type", "text/plain"]], body: new TextEncoder().encode(say.failed) })
  }
})

const download = file => {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(file)
  link.download = "assessor.json"
  link.click()
}

// Where a file was picked it is written again, until it is gone or may not be written any more.
const write = async file => {
  handle ||= await self.showSaveFilePicker({ suggestedName: "assessor.json" })
  try {
    const writing = await handle.createWritable()
    await writing.write(file)
    await writing.close()
  } catch (problem) {
    handle = undefined
    throw problem
  }
}

const save = async () => {
  const now = changes, data = await call("export"), file = new Blob([data], { type: "application/json" })
  if (!data.length) return tell(say.nothing_yet)
  try {
    await (self.showSaveFilePicker ? write(file) : download(file))
  } catch (problem) {
    if (problem.name !== "AbortError") tell(say.not_saved)
    return
  }
  saved = now
  tell(isUnsaved() ? "" : say.saved)
  tellState()
}

// What is here and what is in the file are both there afterwards, and the file holds all of it only if it was alone.
const take = async (file, opened) => {
  try {
    const data = new Uint8Array(await file.arrayBuffer())
    const { before, added, refused, leftOut, kept } = await call("open", { data, name: file.name, language })
    if (refused) return tell(refused)
    if (before && !added) return tell(leftOut || say.nothing_new)
    if (before) changes++
    else { saved = changes; handle = opened }
    if (keep && !kept) keepsNoMore()
    $("pages").contentWindow.location.assign(BASE)
    tell(leftOut || (before && isUnsaved() ? say.taken_in_beside : say.taken_in))
  } catch {
    tell(say.not_taken_in)
  }
  tellState()
}

const open = async event => {
  if (!self.showOpenFilePicker) return
  event.preventDefault()
  const [opened] = await self.showOpenFilePicker().catch(() => [])
  if (opened) await take(await opened.getFile(), opened)
}

const remind = event => { if (isUnsaved()) event.preventDefault() }

const failed = problem => {
  console.error(problem)
  show("progress", false)
  if (problem.name === "SecurityError") tell(say.needs_browser)
  else tell(/memory|allocat/i.test(problem) ? say.no_memory : say.failed)
}

const load = () => {
  worker = new Worker(at("published/worker.js"), { type: "module", name: cacheName(facts.version) })
  return new Promise((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message))
    worker.onmessage = ({ data }) => {
      if (data.failed) reject(new Error(data.failed))
      else if (data.step) tell(say[data.step])
      else document.body.dataset.memory = "kept"
    }
    call("load", facts).then(resolve, reject)
  })
}

const run = async loaded => {
  show("question", false)
  tell(say.loading)
  await loaded
  const { kept, gone } = await call("start", {
    ...facts, language, keep, home: `/home${BASE.pathname}`, known: remembered(KEPT) === "yes",
  })
  const refused = keep && !kept
  keep = kept
  if (keep) localStorage.setItem(KEPT, "yes")
  else changes = 0
  if (gone) changes = saved = 0
  $("pages").src = BASE
  show("pages")
  show("acts")
  tell(gone ? say.gone : refused ? say.keeps_nothing : "")
  tellState()
}

const again = () => {
  location.reload()
  return new Promise(() => {})
}

// What this version's pages ask for comes from this version's files, from here on.
const install = async () => {
  // A page that went around the service worker may be newer than what this browser took.
  const { active } = await navigator.serviceWorker.getRegistration() || {}
  if (active && !navigator.serviceWorker.controller) return again()
  const manifest = await newest()
  if (!await isHeld(manifest.version)) await fetchProgram(manifest)
  await control(manifest.version)
  if (manifest.version !== facts.version) return again()
}

const offerNewer = () => newest().then(({ version }) => show("newer", version !== facts.version), () => null)

const begin = async () => {
  const why = impossible()
  if (why) return tell(why)
  tell(say.loading)
  if (!controlledBy(facts.version) || !await isHeld(facts.version)) await install()
  const loaded = load(), go = () => run(loaded).then(offerNewer, failed)
  tell("")
  keep = remembered(KEPT) === "yes"
  if (keep) return go()
  loaded.catch(failed)
  show("question")
  $("mine").onclick = () => { keep = true; navigator.storage?.persist?.(); go() }
  $("shared").onclick = go
}

$("save").onclick = () => save().catch(() => tell(say.not_saved))
$("print").onclick = () => $("pages").contentWindow.print()
$("newer").onclick = () => takeNewer().catch(failed)
$("file").onclick = open
$("file").onchange = ({ target }) => { if (target.files[0]) take(target.files[0]).then(() => { target.value = "" }) }
self.addEventListener("beforeunload", remind)

// One window writes; another says so, and goes on once that one is closed.
const alone = () => begin().catch(failed).then(() => new Promise(() => {}))
const turn = async () => {
  const found = await navigator.locks.request(NAME, { ifAvailable: true }, lock => lock ? alone() : "taken")
  if (found !== "taken") return
  tell(say.other_window)
  await navigator.locks.request(NAME, alone)
}
navigator.locks ? turn() : tell(impossible())
