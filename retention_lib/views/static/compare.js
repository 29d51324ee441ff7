// Up to four answers kept to be compared, and what differs between them. They are held in this
// browser tab, so that other workbooks find them, and go with it.

const KEY = "retention-compare";
const AT_ONCE = {
  keep: "Keeping what stands on this page …",
  four: "Working out the same money spent four ways …",
};

function render({ model, el }) {
  const own = Boolean(document.querySelector("main#main"));
  const block = document.createElement("section");
  block.className = "rw-compare";
  block.innerHTML = `
    <h2>Compare</h2>
    <p class="rw-note">Keep up to four answers, of any of the workbooks, and see side by side what differs. They are kept in this browser tab alone, and go when it is closed.</p>
    <div class="rw-drop">
      <button type="button" class="rw-button" data-want="keep">Keep this to compare</button>
      <label class="rw-button rw-file">Add a saved file<input type="file" accept=".json,application/json" multiple></label>
      <span>or drag one here</span>
    </div>
    <div class="rw-four" hidden>
      <label for="rw-four-pounds">The same money over four years, spent four ways</label>
      <span class="rw-number"><span>£</span><input type="text" inputmode="decimal" id="rw-four-pounds" autocomplete="off" aria-describedby="rw-four-problem"></span>
      <button type="button" class="rw-button" data-want="four">Set the same money four ways</button>
      <p class="rw-problem" id="rw-four-problem" role="alert" hidden></p>
    </div>
    <div class="rw-ask" role="group" aria-label="Replace what is kept?" hidden>
      <p id="rw-ask-words"></p>
      <p class="rw-buttons"><button type="button" class="rw-button" data-want="replace" aria-describedby="rw-ask-words">Replace them</button>
        <button type="button" class="rw-button" data-want="leave">Leave them as they are</button></p>
    </div>
    <p class="rw-told" aria-hidden="true"></p>
    <p class="rw-hidden rw-said" role="status"></p>
    <ol class="rw-kept"></ol>
    <div class="rw-side"></div>
    <p class="rw-buttons" data-row="after">
      <button type="button" class="rw-button" data-want="csv">Download this comparison (CSV)</button>
      <button type="button" class="rw-button" data-want="clear">Remove all</button>
    </p>`;
  el.replaceChildren(block);
  const find = (selector) => block.querySelector(selector);
  const [keep, status, told] = ["[data-want=keep]", ".rw-said", ".rw-told"].map(find);
  const [list, side] = [".rw-kept", ".rw-side"].map(find);
  const [zone, question, pounds, four] = [".rw-drop", ".rw-ask", ".rw-number input", ".rw-four"].map(find);

  // What is seen below it anyway is read out after it.
  const say = (words, more = "") => {
    told.textContent = words;
    status.textContent = "";
    status.textContent = `${words} ${more}`.trim();
  };

  // --- What is kept ---
  function made(tag, words, more = {}, data = {}) {
    const one = Object.assign(document.createElement(tag), { textContent: words, ...more });
    Object.assign(one.dataset, data);
    return one;
  }

  function keptRow(one, at) {
    const row = document.createElement("li");
    row.append(made("b", one.letter), made("span", one.now ? `This page now: ${one.name}` : one.name));
    if (one.now) return row;
    const named = (words) => ({ className: "rw-link", ariaLabel: words.replace(/^(\w+)/, `$1 ${one.letter}`) });
    const [here, there] = ["Open here", `Open in ${one.where}`];
    row.append(
      one.here ? made("button", here, { type: "button", ...named(here) }, { want: "open", at })
        : made("a", there, { href: one.address, target: "_self", ...named(there) }),
      made("button", "Remove", { type: "button", ...named("Remove") }, { want: "remove", at }),
    );
    return row;
  }

  // The control that had the focus may be gone: then the next one has it.
  function showKept() {
    const had = list.contains(document.activeElement) ? document.activeElement.closest("li") : null;
    const at = had ? [...list.children].indexOf(had) : -1;
    const want = document.activeElement?.dataset?.want;
    const kept = model.get("kept");
    const after = find("[data-row=after]");
    const goes = !kept.length && after.contains(document.activeElement);
    list.replaceChildren(...kept.map(keptRow));
    list.hidden = !kept.length;
    after.hidden = !kept.length;
    if (goes) keep.focus();
    if (!had) return;
    const row = list.children[Math.min(at, kept.length - 1)];
    (row?.querySelector(`[data-want="${want}"]`) ?? row?.querySelector("a, button") ?? keep).focus();
  }

  function showSide() {
    redraw(side, () => {
      side.innerHTML = model.get("html");
    });
    find("[data-want=csv]").hidden = !side.querySelector("table");
  }
  const showStale = () => side.classList.toggle("rw-stale", model.get("stale"));

  function showQuestion() {
    const asks = model.get("asks");
    const had = question.contains(document.activeElement);
    question.hidden = !asks;
    question.querySelector("p").textContent = asks;
    if (asks) question.querySelector("button").focus();
    else if (had) find("[data-want=four]").focus();
  }

  function showRefused() {
    const [refused, problem] = [model.get("refused"), four.querySelector(".rw-problem")];
    problem.textContent = refused;
    problem.hidden = !refused;
    four.classList.toggle("rw-wrong", Boolean(refused));
    pounds.setAttribute("aria-invalid", refused ? "true" : "false");
  }

  // --- Files ---
  async function add(files) {
    for (const file of files) {
      say(`Reading ${file.name} …`);
      const content = await readFile(file, model.get("largest"), say);
      if (content) model.send({ want: "add", name: file.name }, undefined, [content]);
    }
  }

  block.addEventListener("click", (event) => {
    const { want, at } = event.target.dataset;
    if (!want) return;
    if (AT_ONCE[want]) say(AT_ONCE[want]);
    model.send({ want, at: Number(at ?? -1), pounds: pounds.value, asks: want === "csv" });
  });
  pounds.addEventListener("keydown", (event) => {
    if (event.key === "Enter") find("[data-want=four]").click();
  });
  takesFiles(zone, zone.querySelector("input"), add);
  model.on("msg:custom", (message, buffers) => {
    if (message.said !== undefined) say(message.said, message.heard);
    if (message.name) save(message.name, buffers[0], message.type);
  });

  // What it was to say of it may be lost; what is kept stands above.
  model.on("reconnected", () => Object.values(AT_ONCE).includes(told.textContent) && say(""));

  // --- The tab ---
  function store() {
    if (!own) return;
    try {
      if (model.get("store")) sessionStorage.setItem(KEY, model.get("store"));
      else sessionStorage.removeItem(KEY);
    } catch {
      say("This browser lets nothing be kept between pages. What is kept here stays on this page.");
    }
  }
  function stored() {
    try {
      return own ? sessionStorage.getItem(KEY) ?? "" : "";
    } catch {
      return "";
    }
  }

  // Nothing is worked out anew for a block that nobody looks at.
  const watch = new IntersectionObserver((entries) => {
    const seen = entries.at(-1).isIntersecting;
    if (model.get("seen") === seen) return;
    model.set("seen", seen);
    model.save_changes();
  }, { rootMargin: "200px" });

  model.on("change:kept", showKept);
  model.on("change:html", showSide);
  model.on("change:stale", showStale);
  model.on("change:asks", showQuestion);
  model.on("change:refused", showRefused);
  model.on("change:store", store);
  four.hidden = !model.get("four");
  pounds.value = model.get("pounds");
  showQuestion();
  showRefused();
  showKept();
  showSide();
  showStale();
  model.send({ want: "stored", text: stored() });
  watch.observe(block);
  return () => watch.disconnect();
}

export default { render };
