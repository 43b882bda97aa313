// Runs the program: unpacks it, opens its store, and answers what the shell passes on.
import { loadPyodide } from "./pyodide.mjs"
import { addPart } from "./parts.js"

const HOME = "/home/assessor"
let python, pages, kept = false

const synced = toBrowser => new Promise((resolve, reject) =>
  python.FS.syncfs(!toBrowser, error => error ? reject(error) : resolve()))

const start = async ({ bank, language, contact, keep }) => {
  python = await loadPyodide({ indexURL: new URL(".", self.location.href).href, env: { ASSESSOR_HOME: HOME } })
  self.postMessage({ step: "unpacking" })
  python.unpackArchive(await (await fetch("program.tar")).arrayBuffer(), "tar", { extractDir: "/app" })
  python.FS.mkdirTree(HOME)
  if (keep) {
    python.FS.mount(python.FS.filesystems.IDBFS, {}, HOME)
    await synced(false)
    kept = true
  }
  self.postMessage({ step: "starting" })
  python.runPython("import sys, shutil; sys.path.insert(0, '/app'); shutil.copytree('/app/home', '" + HOME + "', dirs_exist_ok=True)")
  pages = python.pyimport("assessor.web.in_browser").open_pages(bank, language, contact)
  if (kept) await synced(true)
}

// What Python has compiled goes along from now on, so that the next start need not compile it again.
const keepCompiled = async () => {
  python.runPython(`import tarfile
with tarfile.open("/compiled.tar", "w", format=tarfile.GNU_FORMAT) as archive:
    archive.add("/app", ".")
`)
  const data = python.FS.readFile("/compiled.tar")
  python.FS.unlink("/compiled.tar")
  const cache = await caches.open("assessor-program")
  await cache.put("/published/program.tar", new Response(data, { headers: { "content-type": "application/x-tar" } }))
}

// Nothing is answered before what it changed is kept, where it is to be kept.
const answer = async ({ method, address, headers, body }) => {
  const part = pages.part_needed(address)
  if (part) await addPart(python, part).catch(() => {})  // the page that needs it says that it is not there
  const given = await pages.handle(method, address, python.toPy(headers), python.toPy(body))
  if (kept && method === "POST") await synced(true)
  return { status: given.status, headers: given.headers.toJs(), body: given.body.toJs() }
}

const ACTS = {
  start,
  keepCompiled,
  ask: answer,
  export: async () => (await pages.file_of_library()).toJs(),
  open: async ({ data, name }) => {
    const added = await pages.take_in(python.toPy(data), name)
    if (kept) await synced(true)
    return added
  },
}

self.onmessage = async ({ data: { act, given }, ports: [port] }) => {
  try { port.postMessage({ done: await ACTS[act](given) }) } catch (problem) { port.postMessage({ failed: String(problem) }) }
}
