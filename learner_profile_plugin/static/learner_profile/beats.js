/* Reports when this unit was before somebody's eyes. Shows nothing, reads nothing but its own mark. */
(function () {
  "use strict";

  const mark = document.querySelector("[data-lp-beats]");
  if (!mark || mark.lpBeats) return;
  mark.lpBeats = true;

  const TICK = 5000;
  const REPORT = 60000;
  const MOST = 100;
  const STORE = "learner_profile.beats";
  const url = mark.dataset.lpBeats;
  // Silence up to "idle" counts once it is broken. Of a longer one only its beginning, "grace", does.
  const idle = mark.dataset.idle * 1000;
  const grace = Math.min(30000, idle);
  const birth = performance.now();

  let slept = 0;
  let skew = Date.now() - birth;
  let beat = 0;
  let touched = 0;
  let from = null;
  let stretches = [];
  let reported = 0;
  let over = false;

  // Milliseconds since the script began. Some machines stop the steady clock while they sleep; the other one tells.
  function clock() {
    const jump = Date.now() - performance.now() - skew;
    if (Math.abs(jump) > 2000) {
      skew += jump;
      if (jump > 0) slept += jump;
    }
    return Math.round(performance.now() - birth + slept);
  }

  function plays() {
    return [...document.querySelectorAll("video, audio")].some((media) => !media.paused && !media.ended)
      || !!document.querySelector(".video .video_control.pause");
  }

  function claim(end) {
    if (from === null || end <= from) return;
    const last = stretches[stretches.length - 1];
    if (last && last[1] === from) last[1] = end;
    else stretches.push([from, end]);
    stretches = stretches.slice(-MOST);
    from = end;
  }

  function look() {
    const now = clock();
    const shown = document.visibilityState === "visible";
    // Long since the last look: the machine slept, or the page was frozen. Nobody was there.
    const gone = now - beat > 3 * TICK;
    if (!gone && shown && plays()) touched = now;
    if (gone || !shown || now - touched > idle) {
      claim(Math.min(gone ? beat : now, touched + grace));
      from = null;
    }
    beat = now;
    if (from === null && shown && now - touched <= idle && !gone) from = now;
    return now;
  }

  function touch() {
    const now = look();
    touched = now;
    if (from === null) look();
  }

  function stored() {
    try { return JSON.parse(localStorage.getItem(STORE)) || []; } catch { return []; }
  }

  function store(reports) {
    try { localStorage.setItem(STORE, JSON.stringify(reports.slice(-20))); } catch { /* lost with the page, then */ }
  }

  function body(report) {
    const text = report.stretches.map((stretch) => stretch.join("-")).join();
    return new URLSearchParams({ ticket: report.ticket, now: Math.max(0, Date.now() - report.birth), stretches: text });
  }

  function take() {
    const now = look();
    claim(Math.min(now, touched + grace));
    reported = now;
    const taken = stretches;
    stretches = [];
    return { ticket: mark.dataset.ticket, birth: Date.now() - now, stretches: taken };
  }

  async function report() {
    const own = take();
    const waiting = stored();
    store([]);
    for (const one of [...waiting, own]) {
      if (one.stretches.length && !over) {
        const answer = await fetch(url, { method: "POST", body: body(one), keepalive: true }).catch(() => null);
        if (answer && answer.status === 403) over = one === own;
        else if (!answer || !answer.ok) {
          if (one === own) stretches = [...own.stretches, ...stretches].slice(-MOST);
          else store([...stored(), one]);
        }
      }
    }
  }

  // Nobody waits for the answer. What may not arrive is sent again by the next unit, and counts once.
  function leave() {
    const now = clock();
    // Leaving is a sign of life, if the silence before was not too long for one.
    if (now - touched <= idle && now - beat <= 3 * TICK) touched = now;
    const own = take();
    if (over || !own.stretches.length) return;
    navigator.sendBeacon(url, body(own));
    store([...stored(), own]);
  }

  for (const name of ["pointermove", "pointerdown", "keydown", "wheel", "touchmove", "scroll", "focus"]) {
    window.addEventListener(name, touch, { passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") touch(); else leave(); });
  window.addEventListener("pagehide", leave);
  window.addEventListener("online", report);
  window.setInterval(() => { if (look() - reported >= REPORT) report(); }, TICK);
  touch();
}());
