// In the page, before anything else: when a key moved the slider, when the answer's words next
// changed, and when the first and the last picture did. Sees into open shadow roots. Changes that
// are the ranges coming in are left out.
([app, pictures, ranges]) => {
  const roots = [];
  const all = (selector) => roots.flatMap((root) => [...root.querySelectorAll(selector)]);
  const said = () => {
    const place = all(app.answer)[0];
    return place ? (place.shadowRoot ?? place).textContent.trim() : "";
  };
  const drawn = () =>
    all(app.picture).map((each) => (each.tagName === "IMG" ? each.src : each.outerHTML));
  const moves = [];
  let before = [];

  const changed = () => {
    const move = moves.at(-1);
    if (!move) return;
    const after = performance.now() - move.at;
    const words = said();
    const now = drawn();
    const differs = now.length >= pictures && now.some((each, index) => each !== before[index]);
    if (differs) before = now;
    // What an answer says of the one before goes with its first words or soon after.
    const refined = words.includes(ranges);
    move.isPlain ||= !refined;
    if (refined && (move.isPlain || !move.words.includes(ranges))) return;
    if (words && words !== move.words) move.answer ??= after;
    if (!differs) return;
    move.picture ??= after;
    move.last = after;
  };
  const observer = new MutationObserver(changed);
  const watch = (root) => {
    roots.push(root);
    observer.observe(root, {
      attributeFilter: ["src"],
      characterData: true,
      childList: true,
      subtree: true,
    });
  };
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    watch(root);
    return root;
  };
  watch(document);

  window.addEventListener(
    "keydown",
    () => {
      before = drawn();
      moves.push({ at: performance.now(), words: said() });
    },
    { capture: true },
  );

  const isShown = () =>
    all(app.slider).length > app.nth &&
    all(app.ready).length > 0 &&
    drawn().length >= pictures &&
    said() !== "";
  const look = () => {
    if (isShown()) window.peer.shown = performance.now();
    else requestAnimationFrame(look);
  };
  window.peer = { moves, said };
  requestAnimationFrame(look);
}
