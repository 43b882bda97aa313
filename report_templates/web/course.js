/* Keys that lead a room, on the facilitator's page and in the board's window: so a clicker works in either. A key does
   what a button of the page does, which works without scripts too. Keys rest while a field or a button has the focus,
   and can be turned off in a window. What is shown over the board is for that window alone. */
(() => {
  "use strict";
  const OFF = "assessor-keys-off";
  const place = () => document.querySelector("[data-room]");
  if (!place()) return;
  const onBoard = document.body.classList.contains("board");
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(`assessor-${place().dataset.room}`) : null;

  const isOff = () => sessionStorage.getItem(OFF) === "yes";
  const resting = () => {
    const at = document.activeElement;
    return isOff() || Boolean(at && at.matches("input, textarea, select, button, a, summary, [contenteditable]"));
  };

  const toggle = (name) => {
    const over = document.getElementById(`over-${name}`);
    if (!over) return;
    const opens = over.hidden;
    for (const each of document.querySelectorAll(".over")) each.hidden = true;
    over.hidden = !opens;
  };
  if (channel) channel.addEventListener("message", (event) => { if (onBoard) toggle(event.data); });
  const over = (name) => { if (onBoard) toggle(name); else if (channel) channel.postMessage(name); };

  // The board has no buttons: it presses those of the page that leads, as it is at this moment.
  let pressing = false;
  const pressFromBoard = async (which) => {
    if (pressing || !place().dataset.lead) return;
    pressing = true;
    try {
      const answer = await fetch(place().dataset.lead, { credentials: "same-origin", cache: "no-store" });
      if (!answer.ok || answer.headers.get("x-assessor") !== "1") return;
      const form = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("go");
      const button = form && form.querySelector(`[data-${which}]`);
      if (!button) return;
      const fields = new URLSearchParams([...form.querySelectorAll("input[type=hidden]")].map((each) => [each.name, each.value]));
      if (button.name) fields.set(button.name, button.value);
      await fetch(form.getAttribute("action"), { method: "POST", body: fields, credentials: "same-origin" });
    } catch { /* the network is away; the next press tries again */ } finally { pressing = false; }
  };
  const press = (which) => {
    if (onBoard) return pressFromBoard(which);
    const button = document.querySelector(`[data-${which}]`);
    if (button) button.form ? button.form.requestSubmit(button) : button.click();
  };

  const open = (id) => {
    const drawer = document.getElementById(id);
    if (!drawer) return;
    drawer.open = true;
    (drawer.querySelector("textarea, input:not([type=hidden])") || drawer.querySelector("summary")).focus();
  };

  const KEYS = {
    ArrowRight: () => press("next"), PageDown: () => press("next"), " ": () => press("next"),
    ArrowLeft: () => press("back"), PageUp: () => press("back"),
    j: () => over("code"), b: () => over("black"), ".": () => over("black"),
    d: () => open("dissent"), s: () => open("step"), "?": () => open("keys"),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !place() || resting()) return;
    const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  const keep = () => {
    const box = document.getElementById("keys-off");
    if (box && !box.dataset.ready) {
      box.dataset.ready = "";
      box.checked = isOff();
      box.addEventListener("change", () => sessionStorage.setItem(OFF, box.checked ? "yes" : "no"));
    }
  };
  new MutationObserver(keep).observe(document.body, { childList: true, subtree: true });
  keep();
})();
