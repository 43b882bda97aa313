/* What is on show is kept fresh: by a stream of events, and where that does not come through by asking now and then.
   Every part that arrives is whole; a part with the cursor in it waits until the cursor has left. A picture is old when
   the server has not said for OLD how old it is, or has said that it is: an open connection proves nothing. */
(() => {
  "use strict";
  const OLD = 15000;
  const QUIET = 10000;    // after which a line that says nothing may be dead, and is opened anew
  let from = null;
  let stream = null;
  let last = null;
  let asking = 0;
  let read = Date.now();  // when the server last had what is shown from its store
  let heard = Date.now(); // when the stream last said anything
  let shown = null;       // the element of the page that is kept fresh

  const spot = () => document.querySelector("[data-live]");
  const spread = (least, most) => least + Math.random() * (most - least);

  // Spread out, so that a room of phones does not come back as one.
  const comeBack = () => setTimeout(() => location.reload(), spread(0, 5000));
  const isRead = (secondsAgo) => { read = Date.now() - 1000 * secondsAgo; stale(); };
  const put = (page) => {
    for (const part of page.querySelectorAll("[data-part]")) {
      const old = document.querySelector(`[data-part="${part.dataset.part}"]`);
      if (!old || old.contains(document.activeElement) && document.activeElement !== document.body) continue;
      // A page that has just come may be newer than the last event before it.
      if (Number(part.dataset.stamp || 0) < Number(old.dataset.stamp || 0)) continue;
      if (old.outerHTML !== part.outerHTML) old.replaceWith(document.adoptNode(part));
    }
    follow();
  };
  // What follows the board for one person comes from a page of its own, whenever the line about the board changes.
  let followed = "";
  const follow = () => {
    const spot = document.querySelector("[data-follow]"), at = document.querySelector("[data-at]")?.dataset.at;
    if (!spot || at === followed) return;
    followed = at;
    setTimeout(async () => {
      try {
        const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
        if (answer.ok && answer.headers.get("x-assessor") === "1" && spot.isConnected) put(parsed(await answer.text()));
      } catch { /* the network is away; the next change asks again */ }
    }, spread(0, 1500));
  };
  const parsed = (text) => new DOMParser().parseFromString(text, "text/html");

  const ask = async () => {
    const at = spot();
    if (!at || !asking) return;
    try {
      const signal = AbortSignal.timeout(4000);
      const answer = await fetch(at.dataset.again, { credentials: "same-origin", cache: "no-store", signal });
      const ours = answer.headers.get("x-assessor") === "1";
      reached(ours);
      if (answer.ok && ours) { put(parsed(await answer.text())); isRead(0); }
      if ([401, 403, 404].includes(answer.status)) { if (ours) comeBack(); return; }  // let in no more: the page says why
    } catch { reached(false); }  // the network is away; asked again below
    asking = setTimeout(ask, spread(3000, 6000));
  };
  const reached = (whether) => document.dispatchEvent(new Event(whether ? "reachable" : "unreachable"));
  const askInstead = () => { if (!asking) { asking = 1; asking = setTimeout(ask, spread(0, 2000)); } };
  const askNoMore = () => { clearTimeout(asking); asking = 0; };

  const listen = () => {
    const at = spot();
    const wished = at ? at.dataset.live : null;
    if (at !== shown) { shown = at; read = Date.now(); }  // a page that has just come
    if (wished === from) { if (last && at) put(parsed(last)); return; }
    if (stream) stream.close();
    askNoMore();
    stream = null;
    from = wished;
    last = null;
    if (!wished) return;
    const mine = stream = new EventSource(wished);
    mine.addEventListener("shown", (event) => { heard = Date.now(); reached(true); askNoMore(); last = event.data; put(parsed(last)); });
    // Too many windows are open: this one asks now and then, so that none is shut out.
    mine.addEventListener("elsewhere", () => { mine.close(); askInstead(); });
    mine.addEventListener("fresh", (event) => { heard = Date.now(); isRead(Number(event.data)); });
    mine.addEventListener("gone", () => { mine.close(); comeBack(); });  // erased, and nothing else
    mine.addEventListener("error", () => {
      if (mine !== stream) return;
      askInstead();
      if (mine.readyState !== EventSource.CLOSED) return;
      setTimeout(() => { if (mine === stream) { from = null; listen(); } }, spread(2000, 8000));
    });
  };

  const stale = () => {
    const line = document.getElementById("stale");
    if (line) line.hidden = Date.now() - read < OLD;
  };

  addEventListener("pagehide", () => { if (stream) stream.close(); from = null; stream = null; });
  addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
  new MutationObserver(listen).observe(document.body, { childList: true });
  const quiet = () => {
    if (!stream || asking || Date.now() - heard < QUIET) return;
    heard = Date.now();
    from = null;
    listen();
    askInstead();
  };
  setInterval(() => { stale(); quiet(); }, 2000);
  listen();
})();
