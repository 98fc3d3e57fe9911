// The shared tablet clears itself: after a while without a touch or a key it sends the form that ends the turn.
const form = document.querySelector("[data-clears-after]");
const soon = document.querySelector("[data-clears-soon]");
const WARN_MS = 15000;

function startOver() {
  const idle = Number(form.dataset.clearsAfter) * 1000;
  clearTimeout(startOver.warning);
  clearTimeout(startOver.clearing);
  soon.textContent = "";
  startOver.warning = setTimeout(() => {
    soon.textContent = "This page clears in 15 seconds. Touch the screen or press a key to stay.";
  }, Math.max(0, idle - WARN_MS));
  startOver.clearing = setTimeout(() => form.submit(), idle);
}

if (form) {
  for (const sign of ["pointerdown", "pointermove", "keydown", "scroll", "touchstart", "input"]) {
    document.addEventListener(sign, startOver, { passive: true, capture: true });
  }
  startOver();
  // A page that a browser kept in spite of being told not to is asked for again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      window.location.reload();
    }
  });
}
