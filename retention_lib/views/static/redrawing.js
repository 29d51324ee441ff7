// Joined in front of each script that makes words or fields anew (see widgets.py). Who has opened
// something in them, scrolled it or come to it by keyboard finds it as it was.

const FOCUSABLE = "a[href], button, input, select, summary, [tabindex]";
const openItself = new WeakSet(); // summaries of what stood open when it was drawn
const moved = new WeakSet(); // boxes that were scrolled: to ask all others lays the page out for nothing
document.addEventListener("scroll", (event) => moved.add(event.target), { capture: true, passive: true });

// What a control is known by when it has been made anew; numbers in its words may have changed.
// Of controls with one name each has its turn.
function named(box) {
  const turns = new Map();
  return new Map([...box.querySelectorAll(FOCUSABLE)].map((one) => {
    const key = one.id || one.dataset.key || one.parentElement.dataset.key;
    const name = key || (one.ariaLabel ?? one.textContent).replace(/[\d,.]+/g, "#");
    turns.set(name, (turns.get(name) ?? 0) + 1);
    return [`${name} ${turns.get(name)}`, one];
  }));
}

const isOpen = (one) => one.localName === "summary" && one.parentElement.open;
const left = new WeakMap(); // what was in a box and may come back into it, by box

function redraw(box, draw) {
  const had = document.activeElement;
  const before = [...named(box)];
  const at = before.findIndex(([, one]) => one === had);
  const was = left.get(box) ?? { focused: "", opened: [], scrolled: [] };
  const focused = before[at]?.[0] ?? (had === document.body ? was.focused : "");
  const opened = [...was.opened, ...before.filter(([, one]) => isOpen(one) && !openItself.has(one)).map(([name]) => name)];
  const scrolled = [...was.scrolled, ...before.filter(([, one]) => moved.has(one))
    .map(([name, one]) => [name, one.scrollLeft, one.scrollTop])];
  draw();
  const after = named(box);
  for (const one of after.values()) if (isOpen(one)) openItself.add(one);
  for (const name of opened) after.get(name)?.parentElement.setAttribute("open", "");
  for (const [name, x, y] of scrolled) {
    const one = after.get(name);
    if (!one) continue;
    one.scrollTo(x, y);
    moved.add(one);
  }
  // The same control, else the one that has come into its place, else it when it is back.
  const there = focused ? [...after.values()].filter((one) => one.checkVisibility()) : [];
  const next = after.get(focused) ?? there[Math.min(at, there.length - 1)];
  if (focused && !had.isConnected || had === document.body) next?.focus({ preventScroll: true });
  left.set(box, {
    focused: next ? "" : focused,
    opened: opened.filter((name) => !after.has(name)),
    scrolled: scrolled.filter(([name]) => !after.has(name)),
  });
}
