/* With scripts on: no page is loaded anew between questions, and what could not be sent waits here, counted, and is
   sent in order with the key it had. Only the server says that something is saved. Nothing is kept in the browser. */
(() => {
  "use strict";
  const MOST_PAGES = 40, AHEAD = 3, SHORTEST = 1000, LONGEST = 5000;
  const LOST = 4000;          // after which no connection may mean another address
  const SLOW = 1500, TOO_SLOW = 4000;  // after which a network that hangs is told of, and gone on without
  const waiting = [];         // what was sent and not yet answered by our server, in order
  const turns = new Map();    // by a page's key: what it said last, and how often it said something else
  const pages = new Map();    // by address: pages as they came, for going on and back without the network
  const drafts = new Map();   // by address: what was typed or chosen and not sent
  let busy = false, pause = SHORTEST, asked = 0, calm = 0, away = false;
  const words = () => document.body.dataset;
  const said = () => document.getElementById("unsent");

  const tell = (text) => {
    const line = said();
    if (line) { line.hidden = !text; line.textContent = text; }
  };

  // A machine that has got another address can tell nobody at the old one; the board can, and what this page holds lets
  // the phone go on there, with what was not sent yet.
  let lost = 0, moving = false;
  const unreachable = () => { lost ||= Date.now(); };
  const reachable = () => { lost = 0; tellLost(); };
  const tellLost = () => {
    const box = document.getElementById("moved"), gone = lost > 0 && Date.now() - lost > LOST;
    if (!box || box.hidden === !gone) return;
    box.hidden = !gone;
    const line = box.querySelector("[data-lost]");
    line.textContent = gone ? line.dataset.lost : "";
  };
  const moveTo = (box) => {
    const typed = box.querySelector("input").value.trim().replace(/^https?:\/+/, "").split("/")[0];
    if (!typed) return;
    const port = /:\d+$/.test(typed) ? "" : `:${location.port}`;
    const rest = waiting.map((each) => [new URL(each.action).pathname, each.fields]);
    moving = true;
    location.href = `http://${typed}${port}/go/${box.dataset.carry}#${encodeURIComponent(JSON.stringify(rest))}`;
  };
  // What came along from the former address, until this one knows the phone.
  let carried = [];
  if (location.pathname.startsWith("/go/") && location.hash.length > 1) {
    try { carried = JSON.parse(decodeURIComponent(location.hash.slice(1))); } catch { /* not ours */ }
    history.replaceState(null, "", location.pathname);
  }
  const sendCarried = () => {
    for (const [path, fields] of carried) {
      const action = new URL(path, location.href).href;
      waiting.push({ action, fields, rest: [], key: "", same: "", from: "", ahead: [], stay: null, failed: false });
    }
    carried = [];
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#moved button");
    if (button) moveTo(button.closest("#moved"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("#moved input")) moveTo(event.target.closest("#moved"));
  });
  document.addEventListener("unreachable", unreachable);
  document.addEventListener("reachable", reachable);
  setInterval(tellLost, 1000);

  const count = () => {
    const number = waiting.filter((each) => each.failed).length;
    tellLost();
    if (number === 0) return tell("");
    if (away) return tell(words().away);
    if (words().unknown && waiting.some((each) => each.unknown)) return tell(words().unknown);
    tell(number === 1 ? words().unsentOne : words().unsentMany.replace("{number}", number));
  };

  // A network that asks to be logged in to answers 200 in our place; it does not know this.
  const ours = (answer) => answer.headers.get("x-assessor") === "1" &&
    (answer.headers.get("content-type") || "").startsWith("text/html");

  // Our server, without its database for a moment: in a workshop nothing that this page could show helps anybody.
  const isAway = (answer) => ours(answer) && answer.status === 503 && Boolean(words().away);
  const spread = (least, most) => least + Math.random() * (most - least);

  const remember = (address, text) => {
    pages.delete(address);
    pages.set(address, text);
    if (pages.size > MOST_PAGES) pages.delete(pages.keys().next().value);
  };

  const fields = () => [...document.querySelectorAll("main form.step, main form.whole, main form.kept")]
    .flatMap((form) => [...form.elements])
    .filter((each) => each.name && each.type !== "hidden" && each.type !== "submit");
  const valueOf = (each) => each.type === "radio" || each.type === "checkbox" ? each.checked : each.value;
  const written = () => fields().map((each) => [each.id, valueOf(each)]);
  // What is half typed in the page's other forms: it is there again on the page that comes.
  const leftBy = (form) => {
    const before = new Map(JSON.parse(shownWritten || "[]"));
    return fields().filter((each) => each.form !== form && before.get(each.id) !== valueOf(each))
      .map((each) => [each.id, valueOf(each)]);
  };
  const sentWith = (form) => {
    const before = new Map(JSON.parse(shownWritten || "[]"));
    return JSON.stringify(fields().map((each) => [each.id, each.form === form ? valueOf(each) : before.get(each.id)]));
  };
  const unsent = () => JSON.stringify(written()) !== shownWritten;
  let shownWritten = "";

  const leave = () => {
    if (unsent()) drafts.set(shownAt, written()); else drafts.delete(shownAt);
  };
  let shownAt = location.href;

  const restore = () => {
    shownWritten = JSON.stringify(written());
    for (const [id, value] of drafts.get(location.href) || []) {
      const field = document.getElementById(id);
      if (!field) continue;
      if (typeof value === "boolean") field.checked = value; else field.value = value;
      if (value && field.closest("details")) field.closest("details").open = true;
    }
  };

  const lay = (text, address, push, stay = null) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    for (const style of page.querySelectorAll("head link[rel=stylesheet]")) {
      const known = [...document.head.querySelectorAll("link")].map((each) => each.getAttribute("href"));
      if (!known.includes(style.getAttribute("href"))) document.head.append(document.adoptNode(style));
    }
    document.body.replaceChildren(...page.body.childNodes);
    document.title = page.title;
    document.documentElement.lang = page.documentElement.lang;
    for (const name of Object.keys(words())) delete words()[name];
    Object.assign(words(), page.body.dataset);
    if (push && address !== location.href) history.pushState(null, "", address);
    shownAt = location.href;
    restore();
    count();
    calm = setTimeout(lookAhead, 2000, ++asked);
    // A page with many small forms stays where it is under the thumb.
    const pressed = stay && document.getElementById(stay.pressed);
    if (pressed) { pressed.focus({ preventScroll: true }); return scrollTo(0, stay.top); }
    scrollTo(0, 0);
    // Where a long page goes on after what was sent from it.
    const spot = document.getElementById("problem") ? null : document.querySelector("main [data-spot]");
    if (spot) { spot.focus({ preventScroll: true }); spot.scrollIntoView(); }
    else (document.getElementById("problem") || document.getElementById("main")).focus({ preventScroll: true });
  };

  const show = async (answer, push, stay) => {
    const text = await answer.text();
    if (answer.status === 200) remember(answer.url, text);
    lay(text, answer.url, push, stay && { ...stay, top: scrollY });
  };

  // The next questions that come whatever is answered here, so that a lost network stops nobody.
  const lookAhead = async (turn) => {
    const form = document.querySelector("form[data-ahead]");
    for (const path of form ? form.dataset.ahead.split(" ").filter(Boolean).slice(0, AHEAD) : []) {
      const address = new URL(path, location.href).href;
      if (turn !== asked || waiting.length) return;
      if (pages.has(address)) continue;
      try {
        const answer = await fetch(address, { credentials: "same-origin" });
        if (!ours(answer) || answer.status !== 200 || answer.redirected) return;
        remember(address, await answer.text());
      } catch { return; }
    }
  };

  const goOnWithout = (sent) => {
    if (sent.moved || location.href !== sent.from) return;
    sent.moved = true;
    const next = sent.ahead.map((path) => new URL(path, location.href).href)
      .find((address) => pages.has(address) && !waiting.some((each) => each.from === address));
    if (next) lay(pages.get(next), next, true);
  };

  // A later refusal does not hide what an earlier one shows as typed.
  const refused = async (answer, sent) => {
    const kept = [...document.querySelectorAll("main[data-refused] .kept")];
    await show(answer, sent.from === location.href);
    const main = document.querySelector("main");
    main.dataset.refused = "";
    main.append(...kept);
  };

  const send = async () => {
    if (busy || waiting.length === 0) return;
    busy = true;
    let heard = false;
    const next = waiting[0];
    const slow = setTimeout(() => tell(words().sending), SLOW);
    const tooSlow = setTimeout(() => goOnWithout(waiting[waiting.length - 1]), TOO_SLOW);
    try {
      const answer = await fetch(next.action, {
        method: "POST", body: new URLSearchParams(next.fields), credentials: "same-origin", signal: AbortSignal.timeout(15000),
      });
      heard = ours(answer);
      if (heard) reachable();
      next.unknown = heard && answer.status === 401;
      away = isAway(answer);
      // What is not ours did not save anything; neither did a server that is busy or knows us no more.
      if (!ours(answer) || [429, 503].includes(answer.status) || (next.unknown && words().unknown)) throw new Error("not saved");
      waiting.shift();
      pause = SHORTEST;
      // What was typed since it was sent, too.
      const rest = location.href === next.from ? leftBy(null) : next.rest, at = document.activeElement;
      const typing = rest.length && at && at.matches("textarea, input") ? at.id : "";
      if (rest.length) drafts.set(next.from, rest); else drafts.delete(next.from);
      const late = next.failed;
      if (answer.status >= 400) await refused(answer, next);
      else if (waiting.length === 0 && location.href === next.from) {
        await show(answer, true, next.stay);
        if (next.action.includes("/go/")) sendCarried();
        if (typing && document.getElementById(typing)) document.getElementById(typing).focus({ preventScroll: true });
      }
      if (late && waiting.length === 0) {
        tell(words().saved);
        setTimeout(count, 4000);
      } else count();
    } catch {
      if (!heard) unreachable();
      next.failed = true;
      for (const each of waiting) each.failed = true;
      count();
      if (waiting.length) goOnWithout(waiting[waiting.length - 1]);
      // Spread out, so that a room of phones does not come back as one.
      setTimeout(send, spread(0.5 * pause, 1.5 * pause));
      pause = Math.min(pause * 2, LONGEST);
    }
    clearTimeout(slow);
    clearTimeout(tooSlow);
    busy = false;
    if (waiting.length && !waiting[0].failed) send();
  };

  const turned = (key, same) => {
    const before = turns.get(key) || { same: "", turn: 0 };
    const turn = before.same === same ? before.turn : before.turn + 1;
    turns.set(key, { same, turn });
    return turn;
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || "whole" in form.dataset) return;
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    const sending = [...data].map(([name, value]) => [name, String(value)]);
    const key = data.get("key"), same = JSON.stringify(sending);
    const action = event.submitter?.hasAttribute("formaction") ? event.submitter.formAction : form.action;
    // Pressed twice, or changed while it waits: the same page's form is sent once, as it stands now.
    const before = waiting.findIndex((each) => each.key === key && each.action === action);
    if (before >= 0 && waiting[before].same === same) return goOnWithout({ ...waiting[before], moved: false });
    if (before > 0 || (before === 0 && !busy)) waiting.splice(before, 1);
    const ahead = action === form.action ? (form.dataset.ahead || "").split(" ").filter(Boolean) : [];
    sending.push(["turn", String(turned(key, same))]);
    const stay = "stay" in form.dataset && event.submitter ? { pressed: event.submitter.id } : null;
    const sent = { action, fields: sending, rest: leftBy(form), key, same, from: location.href, ahead, stay, failed: false };
    for (const each of form.querySelectorAll("[data-sent]")) delete each.dataset.sent;
    if (event.submitter) event.submitter.dataset.sent = "";
    shownWritten = sentWith(form);
    waiting.push(sent);
    if (waiting[0].failed) { sent.failed = true; count(); goOnWithout(sent); }
    send();
  });

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("a[href]");
    // A link within a drawing has no address of its own, only the attribute.
    const link = pressed instanceof SVGElement ? new URL(pressed.getAttribute("href"), location.href) : pressed;
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.origin !== location.origin || "whole" in pressed.dataset) return;
    if (link.hash && link.pathname === location.pathname) {
      const target = document.getElementById(link.hash.slice(1));
      if (target) { event.preventDefault(); target.focus(); }
      return;
    }
    event.preventDefault();
    go(link.href, true);
  });

  const go = async (address, push) => {
    leave();
    clearTimeout(calm);
    const turn = ++asked;
    try {
      const answer = await fetch(address, { credentials: "same-origin", signal: AbortSignal.timeout(15000) });
      if (turn !== asked) return;
      away = isAway(answer);
      if (ours(answer)) reachable();
      if (ours(answer) && !away) return await show(answer, push);
      if (!away && waiting.length === 0 && !unsent()) { location.href = address; return; }
    } catch { /* no network */ }
    if (turn !== asked) return;
    if (pages.has(address)) return lay(pages.get(address), address, push);
    // Loading the browser's own page of an error would lose what waits here.
    if (!away) unreachable();
    tell(away ? words().away : words().offline);
    setTimeout(() => { if (turn === asked) go(address, push); }, spread(1000, 3000));
  };

  addEventListener("popstate", () => go(location.href, false));
  addEventListener("online", () => { pause = SHORTEST; send(); });
  addEventListener("beforeunload", (event) => { if (!moving && (waiting.length || unsent())) event.preventDefault(); });
  restore();
  calm = setTimeout(lookAhead, 2000, asked);
  const atOnce = document.querySelector("form[data-at-once]");
  if (atOnce) atOnce.requestSubmit();
})();
