// The page around a unit: fits the frame to what it holds, follows what is done in it, and reports the way through.
const frame = document.getElementById("unit-frame");
const place = document.querySelector(".learning").dataset;

window.addEventListener("message", (message) => {
  if (message.source !== frame.contentWindow || message.origin !== window.location.origin) {
    return;
  }
  const { type, payload, unit, course } = message.data;
  if (type === "plugin.resize") {
    frame.style.blockSize = `${payload.height}px`;
  } else if (type === "demo.done") {
    markDone(unit, course);
  }
});

function markDone(unit, course) {
  const row = document.querySelector(`[data-unit="${CSS.escape(unit)}"]`);
  row.classList.add("unit-row--done");
  row.querySelector(".badge").hidden = false;
  if (course.certificate) {
    const note = document.querySelector("[data-certificate]");
    note.querySelector("a").href = `/certificates/${course.certificate}`;
    note.hidden = false;
  }
}

for (const link of document.querySelectorAll("[data-event]")) {
  link.addEventListener("click", () => {
    const data = {
      current_tab: Number(place.number),
      id: place.usageKey,
      tab_count: Number(place.count),
      widget_placement: "top",
    };
    fetch(place.eventUrl, {
      method: "POST",
      body: new URLSearchParams({
        event_type: link.dataset.event,
        event: JSON.stringify(data),
        page: window.location.href,
      }),
      headers: { "X-CSRFToken": place.csrf },
      keepalive: true,
    });
  });
}
