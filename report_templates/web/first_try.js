"use strict"
// The walk over a compiled diagram and the next item, as `core.diagram`, `core.asking_order`, `core.routing` and
// `core.scoring` have them; no rule stands here. A test compares both on every path of the diagram and on responses by
// chance. What follows `page` draws the page and is left out where there is no document.

const DONT_KNOW = "dont_know"

function depthOf(diagram, node) {
  const first = diagram.placements.length + 2
  return node < first ? diagram.order.length : diagram.nodes[node - first][0]
}

// The ends that some completion of the responses reaches, as sorted numbers; a missing response is unknown.
function walk(diagram, start, responses) {
  const first = diagram.placements.length + 2
  let at = new Set([start])
  for (;;) {
    const depth = Math.min(...[...at].map(node => depthOf(diagram, node)))
    if (depth === diagram.order.length) return [...at].sort((one, other) => one - other)
    const item = diagram.order[depth], given = diagram.options[item].indexOf(responses[item])
    const next = new Set()
    for (const node of at) {
      if (depthOf(diagram, node) !== depth) { next.add(node); continue }
      const children = diagram.nodes[node - first][1]
      if (given < 0) children.forEach(child => next.add(child))
      else next.add(children[given])
    }
    at = next
  }
}

function applies(instrument, item, responses) {
  const diagram = instrument.applicability, start = diagram.marks[item]
  return start === undefined || walk(diagram, start, responses).includes(diagram.placements.length + 1)
}

// The items that apply in some completion of the responses, in the instrument's order.
function route(instrument, responses) {
  return instrument.items.filter(item => applies(instrument, item, responses))
}

// The known responses that count: given to an item on the route, and not a don't know.
function onRoute(instrument, responses) {
  const kept = Object.keys(responses).filter(
    item => responses[item] !== DONT_KNOW && applies(instrument, item, responses))
  return Object.fromEntries(kept.map(item => [item, responses[item]]))
}

function possiblePlacements(instrument, known) {
  return walk(instrument.diagram, instrument.diagram.root, known).map(end => instrument.diagram.placements[end])
}

// What is left of a diagram once some responses are known: nodes as [item, children], each after those it leads to.
function restrict(diagram, root, known) {
  const first = diagram.placements.length + 2, nodes = new Map(), unique = new Map(), reduced = []
  const given = diagram.order.map(item => known[item] === undefined ? -1 : diagram.options[item].indexOf(known[item]))
  function reduce(number) {
    return number < first ? number : reduced[number - first] ??= inner(...diagram.nodes[number - first])
  }
  function inner(depth, children) {
    if (given[depth] >= 0) return reduce(children[given[depth]])
    const left = children.map(reduce)
    if (left.every(child => child === left[0])) return left[0]
    const key = depth + " " + left.join(" ")
    if (!unique.has(key)) {
      unique.set(key, first + nodes.size)
      nodes.set(first + nodes.size, [diagram.order[depth], left])
    }
    return unique.get(key)
  }
  return { root: reduce(root), nodes }
}

// The open items: first the one of whose options the greatest part settles the placement; among equals the one after
// which the fewest stay open on average.
function settlingItems(instrument, known) {
  const { diagram } = instrument, testedItems = given =>
    new Set([...restrict(diagram, diagram.root, given).nodes.values()].map(([item]) => item))
  const costs = {}
  for (const item of testedItems(known)) {
    const left = diagram.options[item].map(option => testedItems({ ...known, [item]: option }).size)
    costs[item] = [left.filter(open => open > 0).length, left.reduce((total, open) => total + open, 0)]
      .map(cost => cost / left.length)
  }
  return instrument.items.filter(item => item in costs)
    .sort((one, other) => costs[one][0] - costs[other][0] || costs[one][1] - costs[other][1])
}

// The first unanswered of them, unless it is undecided whether that applies; then the earliest that decides it.
function nextItem(instrument, responses) {
  const known = onRoute(instrument, responses)
  const ranked = settlingItems(instrument, known).filter(item => responses[item] === undefined)
  if (!ranked.length) return null
  for (let item = ranked[0];;) {
    const start = instrument.applicability.marks[item]
    const { nodes } = start === undefined ? { nodes: new Map() } : restrict(instrument.applicability, start, known)
    const deciding = new Set([...nodes.values()].map(([tested]) => tested))
    const first = instrument.items.find(each => deciding.has(each) && ranked.includes(each))
    if (first === undefined) return item
    item = first
  }
}

// A minimal set of the responses that alone leaves the same placements possible; none where everything is possible.
function reasons(instrument, known) {
  const wanted = possiblePlacements(instrument, known)
  if (wanted.length === instrument.diagram.placements.length) return []
  const ranked = instrument.items.filter(item => item in known)
  function dropRedundant(order) {
    const kept = { ...known }
    for (const item of order) {
      delete kept[item]
      if (String(possiblePlacements(instrument, kept)) !== String(wanted)) kept[item] = known[item]
    }
    return kept
  }
  const late = dropRedundant([...ranked].reverse()), early = dropRedundant(ranked)
  const smallest = Object.keys(early).length < Object.keys(late).length ? early : late
  return ranked.filter(item => item in smallest)
}

function verdict(instrument, responses) {
  const known = onRoute(instrument, responses)
  return {
    placements: possiblePlacements(instrument, known), reasons: reasons(instrument, known),
    next: nextItem(instrument, responses), route: route(instrument, responses),
  }
}

function page() {
  const { instrument, words, header } = JSON.parse(document.getElementById("data").textContent)
  const at = id => document.getElementById(id), responses = {}, moments = {}, id = randomId()
  const started = now()
  let language = Object.keys(words).find(each => navigator.language.replace("-", "_").startsWith(each)) ?? "en"
  let open = null, saved = true

  function now() { return new Date().toISOString().replace("Z", "000Z") }

  function randomId() {
    return [...crypto.getRandomValues(new Uint8Array(10))].map(b => "0123456789abcdefghjkmnpqrstvwxyz"[b % 32]).join("")
  }

  function element(tag, text, facts = {}, ...children) {
    const made = document.createElement(tag)
    if (text) made.textContent = text
    for (const name in facts) made.setAttribute(name, facts[name])
    made.append(...children)
    return made
  }

  function answer(item, option) {
    responses[item] = option
    moments[item] = now()
    saved = false
    open = null
    draw()
    at("question").querySelector("h1").focus()
  }

  function tap(item, value, label, example) {
    const chosen = responses[item] === value
    const button = element("button", "", { class: "tap" + (chosen ? " given" : ""), type: "button" },
      element("span", label, { class: "label" }))
    if (chosen) button.setAttribute("aria-pressed", "true")
    if (example) button.append(element("span", example, { class: "example" }))
    button.addEventListener("click", () => answer(item, value))
    return button
  }

  function drawQuestion(said, item) {
    const heading = element("h1", item ? said.items[item].ask : said.done, { tabindex: "-1" })
    at("question").replaceChildren(heading)
    if (!item) return
    const asked = said.items[item]
    if (asked.hint) at("question").append(element("p", asked.hint, { class: "hint" }))
    instrument.diagram.options[item].forEach((option, n) => at("question").append(tap(item, option, ...asked.options[n])))
    at("question").append(tap(item, DONT_KNOW, said.dont_know))
  }

  function drawStanding(said, told) {
    const key = told.placements.map(each => instrument.diagram.placements.indexOf(each)).join(" ")
    at("title").textContent = said.told[key]
    at("placements").replaceChildren(...instrument.diagram.placements.map(each => {
      const possible = told.placements.includes(each), [name, line, tone, sign] = said.placements[each]
      return element("li", "", { class: (possible ? "tag " : "tag out ") + "tone-" + tone, title: line },
        element("span", possible ? sign : "–", { "aria-hidden": "true" }), " " + name,
        element("span", " (" + (possible ? said.possible : said.not_possible) + ")", { class: "hidden" }))
    }))
    at("reasons").replaceChildren(...told.reasons.map(
      item => element("li", said.items[item].reasons[instrument.diagram.options[item].indexOf(responses[item])])))
    at("why").hidden = !told.reasons.length
  }

  function drawGiven(said, told) {
    at("given").replaceChildren(...told.route.map(item => {
      const option = instrument.diagram.options[item].indexOf(responses[item])
      const value = option >= 0 ? said.items[item].options[option][0]
        : responses[item] === DONT_KNOW ? said.dont_know : said.unanswered
      const change = element("button", responses[item] ? said.change : said.answer, { type: "button", class: "plain" },
        element("span", " " + said.items[item].short, { class: "hidden" }))
      change.addEventListener("click", () => { open = item; draw(); at("question").querySelector("h1").focus() })
      return element("div", "", {}, element("dt", said.items[item].short), element("dd", value),
        element("dd", "", { class: "change" }, change))
    }))
  }

  function draw() {
    const said = words[language], told = verdict(instrument, responses)
    document.documentElement.lang = said.tag
    document.title = said.page
    for (const part of document.querySelectorAll("[data-said]")) part.textContent = said[part.dataset.said]
    drawQuestion(said, open ?? told.next)
    drawStanding(said, told)
    drawGiven(said, told)
  }

  function save() {
    const names = { party: at("party").value.trim(), undertaking: at("undertaking").value.trim() }
    at("missing").hidden = names.party !== ""
    if (!names.party) { at("party").focus(); return }
    const given = Object.keys(responses).sort((one, other) => moments[one] < moments[other] ? -1 : 1)
    const file = { ...header, id, ...names, started, responses: given.map(item => ({ item, value: responses[item], at: moments[item] })) }
    const link = element("a", "", { href: URL.createObjectURL(new Blob([JSON.stringify(file) + "\n"], { type: "application/json" })), download: "assessor.json" })
    link.click()
    saved = true
  }

  at("language").addEventListener("change", event => { language = event.target.value; draw() })
  at("language").value = language
  at("save").addEventListener("click", save)
  addEventListener("beforeunload", event => { if (!saved) event.preventDefault() })
  at("here").hidden = false
  draw()
}

if (typeof document === "undefined") module.exports = { verdict, walk }
else page()
