// What every unit does: reports events as the platform's Logger does, tells the page around it how tall it is, and
// says when the learner is done.
const page = document.body.dataset;

function post(url, fields) {
  return fetch(url, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { "X-CSRFToken": page.csrf },
    keepalive: true,
  });
}

window.Logger = {
  log(eventType, data) {
    return post(page.eventUrl, {
      event_type: eventType,
      event: JSON.stringify(data),
      courserun_key: page.course,
      page: window.location.href,
    });
  },
};

window.Unit = {
  post,
  tell(standing) {
    window.parent.postMessage({ type: "demo.done", unit: page.usageKey, course: standing }, window.location.origin);
  },
  async complete() {
    const answer = await post(page.completionUrl, { completion: "1.0" });
    if (answer.ok) {
      window.Unit.tell((await answer.json()).course);
    }
    return answer.ok;
  },
};

window.addEventListener("pagehide", () => {
  const fields = new URLSearchParams({ event_type: "page_close", event: "", page: window.location.href });
  fetch(`${page.eventUrl}?${fields}`, { keepalive: true });
});

new ResizeObserver(() => {
  const height = document.querySelector("main").offsetHeight;
  window.parent.postMessage({ type: "plugin.resize", payload: { height } }, window.location.origin);
}).observe(document.querySelector("main"));

for (const button of document.querySelectorAll("[data-completes]")) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    const saved = await window.Unit.complete();
    button.disabled = saved;
    button.textContent = saved ? "Done" : "Try again";
  });
}
