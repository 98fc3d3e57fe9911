// GOV.UK's own behaviours, and a few of ours. Every page works without them.
import { initAll } from "./vendor/govuk-frontend.min.js";

initAll();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-tick-all]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const boxes = [...document.querySelectorAll(`#${button.dataset.tickAll} input[type="checkbox"]`)];
    const ticked = boxes.some((box) => !box.checked);
    for (const box of boxes) {
      box.checked = ticked;
    }
  });
}

// A text that stands in a box on the page, to be pasted elsewhere. The box alone will do: it can be selected and copied.
async function copyOf(box) {
  try {
    await navigator.clipboard.writeText(box.value);
    return "Copied";
  } catch {
    // an address without https, or a browser that asks to be asked
    box.select();
    return document.execCommand("copy") ? "Copied" : "Not copied. Copy it from the box below.";
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const said = document.getElementById(button.dataset.says);
  button.hidden = false;
  button.addEventListener("click", async () => {
    said.textContent = ""; // the same words again are told again
    said.textContent = await copyOf(document.getElementById(button.dataset.copy));
  });
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

// Beside a long text its contents stay in sight; on a phone they are folded, so that the text is not far below.
for (const contents of document.querySelectorAll("[data-open-when-wide]")) {
  contents.open = window.matchMedia("(min-width: 40.0625em)").matches;
}

// Where somebody is in a policy: marked in its contents, and offered again when they come back to it.
function keepPlace(text) {
  const key = `place ${text.dataset.place}`;
  const headings = [...text.querySelectorAll("h2[id], h3[id]")];
  const wayBack = document.querySelector("[data-go-on]");
  const kept = headings.find((heading) => heading.id === localStorage.getItem(key));
  if (wayBack && kept && kept !== headings[0] && !window.location.hash) {
    wayBack.hidden = false;
    wayBack.firstElementChild.href = `#${kept.id}`;
    wayBack.firstElementChild.textContent = `Go on where you were: ${kept.textContent.trim()}`;
  }
  let waiting = false;
  const look = () => {
    waiting = false;
    const here = headings.findLast((heading) => heading.getBoundingClientRect().top < window.innerHeight / 3);
    for (const link of document.querySelectorAll(".contents-page a")) {
      if (here !== undefined && link.hash === `#${here.id}`) {
        link.setAttribute("aria-current", "location");
      } else {
        link.removeAttribute("aria-current");
      }
    }
    if (here) {
      localStorage.setItem(key, here.id);
    }
  };
  document.addEventListener("scroll", () => {
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(look);
    }
  }, { passive: true });
}

for (const text of document.querySelectorAll("[data-place]")) {
  try {
    keepPlace(text);
  } catch {
    // a browser that keeps nothing, such as a shared tablet
  }
}
