// The answer: it changes as sliders move; a screen reader hears it once it has come to rest.

const REST = 900; // milliseconds without a change before the answer is read out
const SETTLING = 6; // frames after which a page that was scrolled by the focus stands still

function render({ model, el }) {
  const shown = document.createElement("section");
  shown.className = "rw-answer";
  shown.setAttribute("aria-label", "Answer");
  const spoken = document.createElement("div");
  spoken.className = "rw-hidden";
  spoken.setAttribute("role", "status");
  spoken.setAttribute("aria-live", "polite");
  // The headline stays in sight while a thumb moves a slider far below it.
  const pinned = document.createElement("div");
  pinned.className = "rw-pinned";
  pinned.setAttribute("aria-hidden", "true");
  pinned.hidden = true;
  const heading = document.createElement("h2");
  heading.className = "rw-hidden";
  heading.textContent = "The answer";
  const big = document.createElement("p");
  big.className = "rw-big";
  const rest = document.createElement("div");
  shown.append(heading, big, rest);
  el.replaceChildren(shown, spoken, pinned);

  // What is still of the answer before is marked so, here and in the parts below.
  const mark = () => {
    const below = el.closest(".rw-page")?.querySelectorAll(".rw-differs, .rw-pictures, .rw-workings") ?? [];
    for (const part of [rest, ...below]) part.setAttribute("aria-busy", String(model.get("behind")));
  };

  let html;
  const show = () => {
    big.textContent = model.get("headline");
    if (html !== model.get("html")) {
      html = model.get("html");
      redraw(rest, () => {
        rest.innerHTML = html;
      });
    }
    shown.dataset.tone = model.get("tone");
    pinned.dataset.tone = model.get("tone");
    pinned.textContent = model.get("headline");
  };
  // Said once its words are there, which is after the headline, and nothing has changed since.
  let timer;
  const speak = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const [words, headline] = [model.get("spoken"), model.get("headline")];
      if (model.get("behind") || !words.startsWith(headline)) return;
      if (spoken.textContent !== words) spoken.textContent = words;
    }, REST);
  };
  model.on("change:html", show);
  model.on("change:headline", show);
  model.on("change:behind", mark);
  for (const name of ["headline", "behind", "spoken"]) model.on(`change:${name}`, speak);
  show();
  // A browser takes what lies under the pinned line for seen, and leaves the focus there.
  // What it scrolls past may still be drawn, and move it again.
  const clear = (at, frames) => requestAnimationFrame(() => {
    if (document.activeElement !== at || !at.matches(":focus-visible")) return;
    const [bar, box] = [pinned, at].map((one) => one.getBoundingClientRect());
    if (!pinned.hidden && box.bottom > bar.top && box.height < bar.top) at.scrollIntoView({ block: "center" });
    if (frames) clear(at, frames - 1);
  });
  const focused = (event) => clear(event.target, SETTLING);
  document.addEventListener("focusin", focused);
  // The last of several is how it stands: a page that is just being drawn tells of both.
  const observer = new IntersectionObserver((entries) => {
    const whole = entries.at(-1).intersectionRatio >= 0.99;
    if (pinned.hidden === whole) return; // else the whole page would be styled anew for nothing
    pinned.hidden = whole;
    document.documentElement.classList.toggle("rw-has-pinned", !whole);
  }, { threshold: [0, 0.5, 0.99] });
  observer.observe(big);
  // A longer headline takes more lines, and the end of the page must stay clear of them.
  const room = new ResizeObserver(() => {
    document.documentElement.style.setProperty("--rw-pinned", `${pinned.offsetHeight}px`);
  });
  room.observe(pinned);
  return () => {
    observer.disconnect();
    room.disconnect();
    document.removeEventListener("focusin", focused);
    clearTimeout(timer);
    document.documentElement.classList.remove("rw-has-pinned");
  };
}

export default { render };
