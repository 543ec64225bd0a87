// What is being made: asked for again every second until it is there. Without this module a link does it.

const place = document.getElementById("document");

async function look() {
  try {
    const answer = await fetch(place.dataset.place, { headers: { "X-Fragment": "state" } });
    if (answer.redirected) return location.assign(answer.url);
    if (answer.ok) {
      const text = await answer.text();
      const fresh = new DOMParser().parseFromString(text, "text/html");
      const bar = fresh.querySelector("[data-waits]");
      if (!bar) {
        // What is ready may change more of the page than this place.
        if ("whole" in place.dataset) return location.reload();
        place.innerHTML = fresh.body.innerHTML;
        return;
      }
      // Only the bar moves, so that the button under a finger or a reader's cursor stays where it is.
      for (const name of ["value", "max"]) if (bar.hasAttribute(name)) place.querySelector("[data-waits]").setAttribute(name, bar.getAttribute(name));
    }
  } catch {
    // The network is away for a moment.
  }
  setTimeout(look, 1000);
}

setTimeout(look, 700);
