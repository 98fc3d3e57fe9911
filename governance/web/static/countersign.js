// GOV.UK's own behaviours, and a few of ours. Every page works without them.
import { initAll } from "./vendor/govuk-frontend.min.js";

initAll();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Work that goes on elsewhere: this part of the page is fetched again until it says that it is over. A page that loads
// itself anew would take the reader's place and focus away.
const AGAIN_MS = 3000;

async function lookAgain(part) {
  try {
    const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(part.id);
      if (fresh && fresh.innerHTML !== part.innerHTML) {
        part.replaceChildren(...document.importNode(fresh, true).childNodes);
      }
      if (!fresh || !fresh.hasAttribute("data-goes-on")) {
        return;
      }
    }
  } catch {
    // the next look may reach the server again
  }
  setTimeout(lookAgain, AGAIN_MS, part);
}

for (const part of document.querySelectorAll("[data-goes-on]")) {
  setTimeout(lookAgain, AGAIN_MS, part);
}
