// Runs the program: restores it from memory as it once stood, or unpacks and starts it; opens its store, and answers
// what the shell passes on.
import createModule from "./pyodide.asm.mjs"
import { loadPyodide } from "./pyodide.mjs"
import { addPart, keepParts } from "./parts.js"

const APP = "/app", HERE = new URL(".", self.location.href), SNAPSHOT = new URL("snapshot", HERE).href
// What takes longest begins at once, side by side: machine code, memory as it once stood, the program's files. The first
// comes from the service worker as it is kept, which is how a browser finds what it compiled of it at an earlier visit.
const compiled = WebAssembly.compileStreaming(fetch("pyodide.asm.wasm"))
const own = caches.open(self.name)
let remembered = own.then(cache => cache.match(SNAPSHOT)).then(kept => kept?.arrayBuffer())
const archived = fetch("program.tar").then(answer => answer.arrayBuffer())
WebAssembly.instantiateStreaming = async (_response, imports) => {
  try {
    const module = await compiled
    return { module, instance: await WebAssembly.instantiate(module, imports) }
  } catch (problem) {
    self.postMessage({ failed: String(problem) })  // Pyodide would wait for good
    throw problem
  }
}
let python, program, pages, kept = false

const synced = toBrowser => new Promise((resolve, reject) =>
  python.FS.syncfs(!toBrowser, error => error ? reject(error) : resolve()))

const text = bytes => new TextDecoder().decode(bytes).replace(/\0.*/s, "")

// The program's files, as views of the archive that holds them: nothing is copied.
const unpack = archive => {
  const { FS } = python, { MEMFS } = FS.filesystems, folders = new Map()
  const folderOf = path => {
    if (!folders.has(path)) {
      FS.mkdirTree(path)
      folders.set(path, FS.lookupPath(path).node)
    }
    return folders.get(path)
  }
  for (let at = 0, long = ""; archive[at];) {
    const size = parseInt(text(archive.subarray(at + 124, at + 136)), 8), data = archive.subarray(at + 512, at + 512 + size)
    const modified = parseInt(text(archive.subarray(at + 136, at + 148)), 8) * 1000
    if (archive[at + 156] === 76) long = text(data)  // the next one's name, where it is long
    else {
      const path = `${APP}/${long || text(archive.subarray(at, at + 100))}`, slash = path.lastIndexOf("/")
      const file = MEMFS.createNode(folderOf(path.slice(0, slash)), path.slice(slash + 1), 0o100644, 0)
      Object.assign(file, { contents: data, usedBytes: size, mtime: modified })
      long = ""
    }
    at += 512 + Math.ceil(size / 512) * 512
  }
}

const loaded = snapshot => loadPyodide({
  indexURL: HERE.href,
  env: { ASSESSOR_HOME: `${APP}/home`, PYTHONDONTWRITEBYTECODE: "1" },
  createPyodideModule: async settings => {
    const module = await createModule(settings)
    if (snapshot) module.growMemory(snapshot.byteLength)
    return module
  },
  ...snapshot ? { _loadSnapshot: snapshot } : { _makeSnapshot: true },
})

// The memory that is kept is taken before anything of a person's is in it.
const load = async ({ bank }) => {
  const snapshot = await remembered
  remembered = null  // or it would stay in memory
  python = await loaded(snapshot)
  delete python._api.config._loadSnapshot  // likewise
  self.postMessage({ step: snapshot ? "starting" : "unpacking" })
  unpack(new Uint8Array(await archived))
  if (!snapshot) python.runPython(`import sys; sys.path.insert(0, '${APP}')`)
  program = python.pyimport("assessor.web.in_browser")
  if (snapshot) {
    setTimeout(() => keepParts(self.name).catch(() => {}), 5000)  // once the first page is there; without a network, later
    return self.postMessage({ kept: true })
  }
  await program.warm_up(bank)
  await keepMemory(await own).catch(problem => console.warn(problem))
}

// Where there is no room for it, every start is the first.
const keepMemory = async cache => {
  await new Promise(resolve => setTimeout(resolve))  // what waited for Python's task holds on to it until now
  python.runPython("import gc; gc.collect()")
  const memory = python.makeMemorySnapshot()
  cache.put(SNAPSHOT, new Response(memory)).then(() => self.postMessage({ kept: true }), () => null)
}

// False where it was to be kept and the browser keeps nothing; null where it kept something once that is gone.
const start = async ({ bank, language, contact, keep, home, known }) => {
  python.FS.mkdirTree(home)
  if (keep) {
    python.FS.mount(python.FS.filesystems.IDBFS, {}, home)
    kept = await synced(false).then(() => true, () => false)
  }
  const gone = known && kept && !python.FS.readdir(home).some(name => name === "assessor.db")
  pages = program.open_pages(bank, language, contact, home, HERE.pathname.replace(/\/published\/$/, ""))
  await keepNow()
  return { kept, gone }
}

// What was given is answered in any case; where it can be kept no more, the answer says so.
const keepNow = async () => {
  if (kept) kept = await synced(true).then(() => true, () => false)
}

// Nothing is answered before what it changed is kept, where it is to be kept.
const answer = async ({ method, address, headers, body }) => {
  const part = pages.part_needed(address)
  if (part) await addPart(python, APP, part, self.name).catch(() => {})  // the page that needs it says that it is not there
  const given = await pages.handle(method, address, python.toPy(headers), python.toPy(body))
  if (method === "POST") await keepNow()
  return { status: given.status, headers: given.headers.toJs(), body: given.body.toJs(), kept }
}

const ACTS = {
  load,
  start,
  ask: answer,
  export: async () => (await pages.file_of_library()).toJs(),
  open: async ({ data, name, language }) => {
    const before = (await pages.file_of_library()).toJs().length > 0
    const { count, refused, left_out: leftOut } = await pages.take_in(python.toPy(data), name, language)
    await keepNow()
    return { before, added: count, refused, leftOut, kept }
  },
}

self.onmessage = async ({ data: { act, given }, ports: [port] }) => {
  try { port.postMessage({ done: await ACTS[act](given) }) } catch (problem) { port.postMessage({ failed: String(problem) }) }
}
