/* With scripts on: no page is loaded anew between questions, and what could not be sent waits here, counted, and is
   sent again with the key it had. Only the server says that something is saved. */
(() => {
  "use strict";
  const waiting = [];
  let busy = false;
  let pause = 1000;
  const said = () => document.getElementById("unsent");

  const count = () => {
    const line = said();
    if (!line) return;
    const number = waiting.filter((each) => each.failed).length;
    line.hidden = number === 0;
    const words = document.body.dataset;
    line.textContent = waiting.some((each) => each.unknown) ? words.unknown : number === 1 ? words.unsentOne : words.unsentMany.replace("{number}", number);
  };

  const ours = (answer) => answer.headers.get("x-assessor") === "1" &&
    (answer.headers.get("content-type") || "").startsWith("text/html");

  const show = async (answer, push) => {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of ["header.top", "main", "footer.bottom"]) {
      document.querySelector(part).replaceWith(document.adoptNode(page.querySelector(part)));
    }
    document.title = page.title;
    document.documentElement.lang = page.documentElement.lang;
    Object.assign(document.body.dataset, page.body.dataset);
    if (push && answer.url !== location.href) history.pushState(null, "", answer.url);
    scrollTo(0, 0);
    (document.getElementById("problem") || document.getElementById("main")).focus({ preventScroll: true });
    count();
  };

  const send = async () => {
    if (busy || waiting.length === 0) return;
    busy = true;
    const next = waiting[0];
    try {
      const answer = await fetch(next.action, {
        method: "POST", body: new URLSearchParams(next.fields), credentials: "same-origin", signal: AbortSignal.timeout(15000),
      });
      next.unknown = ours(answer) && answer.status === 401;
      // What is not ours did not save anything; neither did a server that is busy or knows us no more.
      if (!ours(answer) || answer.status === 401 || answer.status === 503) throw new Error("not saved");
      waiting.shift();
      pause = 1000;
      if (waiting.length === 0 && location.href === next.from) await show(answer, true);
    } catch {
      next.failed = true;
      setTimeout(send, pause);
      pause = Math.min(pause * 2, 10000);
    }
    busy = false;
    count();
    if (waiting.length && !waiting[0].failed) send();
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || "whole" in form.dataset) return;
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    const fields = [...data].map(([name, value]) => [name, String(value)]);
    const same = JSON.stringify(fields);
    const action = event.submitter?.hasAttribute("formaction") ? event.submitter.formAction : form.action;
    // Pressed twice, or changed while it waits: the same page's form is sent once, as it stands now.
    const before = waiting.findIndex((each) => each.key === data.get("key") && each.action === action);
    if (before >= 0 && JSON.stringify(waiting[before].fields) === same) return;
    if (before >= 0 && !busy) waiting.splice(before, 1);
    waiting.push({ action, fields, key: data.get("key"), from: location.href, failed: false });
    send();
  });

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.origin !== location.origin || "whole" in link.dataset) return;
    if (link.hash && link.pathname === location.pathname) {
      const target = document.getElementById(link.hash.slice(1));
      if (target) { event.preventDefault(); target.focus(); }
      return;
    }
    event.preventDefault();
    go(link.href, true);
  });

  const go = async (address, push) => {
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (!ours(answer)) throw new Error("not ours");
      await show(answer, push);
    } catch {
      location.href = address;
    }
  };

  addEventListener("popstate", () => go(location.href, false));
  addEventListener("online", send);
  addEventListener("beforeunload", (event) => { if (waiting.length) event.preventDefault(); });
})();
