/* Makes the owner's pages quicker and safer. Everything works without it; nothing here decides anything. */
(function () {
  "use strict";

  const script = document.currentScript;
  const say = (name) => script.dataset[`lp${name}`];
  const PAUSE_BEFORE_DRAFT = 1500;
  const PAUSE_BEFORE_SUGGESTIONS = 200;
  const TIME_TO_READ = 8000;
  const MOST_SUGGESTIONS = 6;

  function announce(text) {
    const live = document.getElementById("lp-live");
    // A region that already says so would be passed over in silence.
    live.textContent = "";
    window.setTimeout(() => { live.textContent = text; }, 50);
  }

  function later(pause, act) {
    let timer;
    return (...given) => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => act(...given), pause);
    };
  }

  /** Say what was done; what needs no answer goes by itself. */
  function tellStatus() {
    const status = document.getElementById("lp-status");
    const said = status.textContent.trim().replace(/\s+/g, " ");
    if (said) announce(said);
    window.setTimeout(() => { for (const done of status.querySelectorAll("p.lp-messages")) done.remove(); }, TIME_TO_READ);
  }

  // --- drafts: what is typed is kept while it is typed ------------------------------------------------------------

  async function keepDraft(form) {
    const typed = new FormData(form);
    for (const [name, value] of [...typed]) {
      if (value instanceof File) typed.delete(name);
    }
    form.dataset.lpKept = "true";
    // "keepalive" lets it arrive when the page is being left.
    const answer = await fetch(say("Drafts"), { method: "POST", body: new URLSearchParams(typed), keepalive: true })
      .catch(() => null);
    if (!answer || !answer.ok) form.dataset.lpKept = "";
  }

  const keepDraftSoon = later(PAUSE_BEFORE_DRAFT, (form) => {
    if (form.isConnected && !form.dataset.lpSent) keepDraft(form);
  });

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-lp-draft]");
    if (!form) return;
    form.dataset.lpKept = "";
    keepDraftSoon(form);
  });

  document.addEventListener("submit", (event) => { event.target.dataset.lpSent = "true"; }, true);

  window.addEventListener("pagehide", () => {
    for (const form of document.querySelectorAll("form[data-lp-draft]")) {
      if (form.dataset.lpKept === "" && !form.dataset.lpSent) keepDraft(form);
    }
  });

  // --- suggestions: a list for a box of one line, buttons below one that takes several ----------------------------

  async function suggestions(kind, typed) {
    if (typed.length < 2) return [];
    const answer = await fetch(`${say("Suggestions").replace("KIND", kind)}?q=${encodeURIComponent(typed)}`)
      .catch(() => null);
    return answer && answer.ok ? answer.json() : [];
  }

  function makeBeside(box, tag, className) {
    const id = `${box.id}-suggestions`;
    let beside = document.getElementById(id);
    if (!beside) {
      beside = Object.assign(document.createElement(tag), { id, className });
      box.after(beside);
    }
    return beside;
  }

  function lineAt(box) {
    const before = box.value.slice(0, box.selectionStart);
    const start = before.lastIndexOf("\n") + 1;
    const length = box.value.slice(start).search(/\n|$/);
    return { start, end: start + length, text: box.value.slice(start, start + length).trim() };
  }

  function offerButtons(box, names) {
    makeBeside(box, "div", "lp-suggestions").replaceChildren(...names.slice(0, MOST_SUGGESTIONS).map((name) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
      button.addEventListener("click", () => {
        const line = lineAt(box);
        box.setRangeText(`${name}\n`, line.start, line.end + (box.value[line.end] === "\n"), "end");
        box.focus();
        box.dispatchEvent(new Event("input", { bubbles: true }));
      });
      return button;
    }));
  }

  function offerList(box, names) {
    const list = makeBeside(box, "datalist", "");
    box.setAttribute("list", list.id);
    list.replaceChildren(...names.map((value) => Object.assign(document.createElement("option"), { value })));
  }

  const suggestSoon = later(PAUSE_BEFORE_SUGGESTIONS, async (box) => {
    const isLine = box.matches("input");
    const typed = isLine ? box.value.trim() : lineAt(box).text;
    const names = await suggestions(box.dataset.lpSuggest, typed);
    if (box.isConnected) (isLine ? offerList : offerButtons)(box, names.filter((name) => name !== typed));
  });

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-lp-suggest]")) suggestSoon(event.target);
  });

  // --- copying a link --------------------------------------------------------------------------------------------

  for (const button of document.querySelectorAll("[data-lp-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      const box = document.getElementById(button.dataset.lpCopy);
      box.select();
      await navigator.clipboard.writeText(box.value);
      announce(say("Copied"));
      button.textContent = say("Copied");
    });
  }

  // --- menus -----------------------------------------------------------------------------------------------------

  function closeMenus(except) {
    for (const menu of document.querySelectorAll(".lp-menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  }

  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.(".lp-menu") && event.target.open) closeMenus(event.target);
  }, true);

  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.(".lp-menu[open]");
    if (!menu) return;
    const stops = [menu.querySelector("summary"), ...menu.querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      menu.open = false;
      stops[0].focus();
    } else if (step) {
      event.preventDefault();
      stops[(stops.indexOf(event.target) + step + stops.length) % stops.length].focus();
    }
  });

  for (const kind of ["click", "focusin"]) {
    document.addEventListener(kind, (event) => closeMenus(event.target.closest(".lp-menu")));
  }

  // --- in place: a form opens where it belongs, and what is sent has the page drawn anew -------------------------

  const askedBy = new WeakMap();
  let setAside = [];
  let unfolded = [];
  let active = null;
  let isByKeyboard = false;

  document.addEventListener("keydown", () => { isByKeyboard = true; }, true);
  document.addEventListener("pointerdown", () => { isByKeyboard = false; }, true);

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, target, xhr, requestConfig } = event.detail;
    const open = requestConfig.verb === "get" && target.querySelector(":scope > .lp-editor");
    if (open) {
      // What is being typed there stays.
      event.preventDefault();
      focusIn(open);
      return;
    }
    askedBy.set(xhr, {
      path: requestConfig.path,
      box: elt.closest("[data-lp-box]")?.id,
      entry: elt.closest("[id^=lp-entry-]")?.id,
      isAudience: Boolean(elt.closest("[id^=lp-who-]")),
      editor: elt.closest(".lp-editor"),
    });
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "lp-page" || !event.detail.shouldSwap) return;
    const { editor } = askedBy.get(event.detail.xhr) || {};
    active = document.activeElement;
    unfolded = [...document.querySelectorAll("details.lp-more[open]")].map((details) => details.id);
    setAside = [...document.querySelectorAll(".lp-editor")]
      .filter((other) => other !== editor)
      .map((other) => ({ editor: other, place: other.parentElement.id }));
    for (const { editor: other } of setAside) other.remove();
  });

  /** Put back what else was open before the page was drawn anew; return whether the learner is typing there. */
  function putBack() {
    let isTyping = false;
    for (const { editor, place } of setAside) {
      const found = document.getElementById(place);
      if (!found) continue;
      found.replaceChildren(editor);
      if (editor.contains(active)) {
        active.focus({ preventScroll: true });
        isTyping = true;
      }
    }
    for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
    setAside = [];
    unfolded = [];
    return isTyping;
  }

  function focus(target) {
    if (!target) return;
    if (!target.matches("a, button, input, select, textarea, summary")) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest" });
  }

  function focusIn(editor) {
    const wrong = editor.querySelector("[aria-invalid=true]") || editor.querySelector("[role=alert]");
    const boxes = ":is(input, select, textarea):not([type=hidden], [tabindex='-1'])";
    focus(wrong || editor.querySelector(boxes));
    if (!wrong) editor.scrollIntoView({ block: "nearest" });
  }

  /** Say where an entry stands now; whoever moved it by keyboard stays at the button that did. */
  function focusMoved(entry, direction) {
    const menu = entry.querySelector(".lp-menu");
    menu.open = isByKeyboard;
    focus((isByKeyboard && menu.querySelector(`[formaction$="/${direction}/"]`)) || menu.querySelector("summary"));
    const entries = [...entry.parentElement.querySelectorAll(":scope > [data-lp-item]")];
    announce(say("Place").replace("NUMBER", entries.indexOf(entry) + 1).replace("TOTAL", entries.length));
  }

  function focusAfter({ path, box, entry, isAudience }) {
    const [, id, action] = path.match(/\/items\/([^/]+)\/(\w+)\/$/) || [];
    const there = document.getElementById(action ? `lp-entry-${id}` : entry);
    const around = document.getElementById(there?.closest("[data-lp-box]")?.id || box);
    if (action === "up" || action === "down") focusMoved(there, action);
    else if (action === "remove") focus(document.querySelector("#lp-status button"));
    else if (isAudience) focus(around.querySelector(".lp-audience a"));
    else if (action === "hide" || action === "show") focus((there || around)?.querySelector("summary") || around?.querySelector("summary"));
    else focus(there?.querySelector(".lp-edit") || around?.querySelector(".lp-edit") || document.querySelector(".lp h1"));
  }

  document.addEventListener("htmx:afterSettle", (event) => {
    // Where something was replaced, the event comes from the new one.
    const place = event.detail.elt;
    const from = askedBy.get(event.detail.xhr) || { path: "" };
    if (place.id !== "lp-page") {
      focusIn(place.matches(".lp-editor") ? place : place.querySelector(".lp-editor"));
      return;
    }
    const isTyping = putBack();
    makeSortable();
    tellStatus();
    if (!isTyping) focusAfter(from);
  });

  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:swapError", "htmx:targetError"]) {
    document.addEventListener(failure, (event) => {
      delete event.target.dataset?.lpSent;
      const alert = Object.assign(document.createElement("p"), { className: "lp-alert", textContent: say("Failed") });
      document.getElementById("lp-status").replaceChildren(alert);
      announce(say("Failed"));
    });
  }

  // --- order by dragging; the buttons "up" and "down" do the same ------------------------------------------------------

  function makeHandle() {
    const handle = Object.assign(document.createElement("span"), { className: "lp-handle", title: say("Drag") });
    handle.setAttribute("aria-hidden", "true");
    return handle;
  }

  function makeSortable() {
    if (!window.Sortable || !window.htmx) return;
    for (const list of document.querySelectorAll("[data-lp-order]")) {
      for (const controls of list.querySelectorAll(":scope > [data-lp-item] .lp-controls")) {
        if (!controls.querySelector(".lp-handle")) controls.prepend(makeHandle());
      }
      window.Sortable.create(list, {
        animation: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
        draggable: "[data-lp-item]",
        handle: ".lp-handle",
        onEnd: (event) => { if (event.oldIndex !== event.newIndex) sendOrder(list, event.item); },
      });
    }
  }

  function sendOrder(list, moved) {
    window.htmx.ajax("POST", list.dataset.lpOrder, {
      source: moved,
      values: {
        csrfmiddlewaretoken: document.querySelector("input[name=csrfmiddlewaretoken]").value,
        item: [...list.children].map((item) => item.dataset.lpItem).filter(Boolean),
      },
    });
  }

  document.addEventListener("DOMContentLoaded", makeSortable);
}());
