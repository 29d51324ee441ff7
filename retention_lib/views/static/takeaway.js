// What can be taken away: files made by Python, a link that opens exactly this, lines of Python;
// and the way back in. On a page of our own the link also stands in the address bar, so that a
// reload goes on from here.

const SLOW = 3; // seconds after which it is said how long a file has taken so far
const SETTLED = 400; // milliseconds without a change before the address is rewritten

function render({ model, el }) {
  const own = Boolean(document.querySelector("main#main"));
  if (own && !model.get("arrived")) {
    model.set("arrived", location.search.slice(1) || "-");
    model.save_changes();
  }

  const block = document.createElement("section");
  block.className = "rw-takeaway";
  block.innerHTML = `
    <h2>Take it away</h2>
    <p class="rw-hidden rw-said" role="status"></p>
    <ul class="rw-files"></ul>
    <div class="rw-drop">
      <label class="rw-button rw-file">Open a saved scenario<input type="file" accept=".json,application/json"></label>
      <span>or drag its file here</span>
    </div>
    <div class="rw-told"></div>
    <p class="rw-buttons"><button type="button" class="rw-button" data-want="add" hidden>Add it to the comparison</button></p>
    <div class="rw-linked">
      <label for="rw-the-link">Link that opens exactly this</label>
      <p class="rw-linkline"><input type="text" id="rw-the-link" readonly>
        <button type="button" class="rw-button" data-want="link">Copy the link</button></p>
      <p class="rw-note">The link works where the workbooks are running. To send your work to somebody else, save the scenario: it holds your reasons too, and they are not in the link.</p>
    </div>
    <details class="rw-table rw-code">
      <summary>Reproduce this in Python</summary>
      <p>These lines give this very answer. They run in JupyterLab, which <code>python3 start.py lab</code> opens, and in any Python that has the library.</p>
      <pre tabindex="0" role="region" aria-label="Lines of Python that give this answer"><code></code></pre>
      <p><button type="button" class="rw-button" data-want="lines">Copy the lines</button></p>
    </details>`;
  el.replaceChildren(block);
  const find = (selector) => block.querySelector(selector);
  const [field, heard, zone, told] = ["#rw-the-link", ".rw-said", ".rw-drop", ".rw-told"].map(find);
  const [offer, box, lines] = ["[data-want=add]", ".rw-code", ".rw-code pre > code"].map(find);

  // What is said is read out, and seen beside the control that it is about.
  const seen = document.createElement("p");
  seen.className = "rw-beside";
  seen.setAttribute("aria-hidden", "true");
  const say = (words, place) => {
    heard.textContent = "";
    heard.textContent = words;
    seen.textContent = words;
    place.append(seen);
  };

  // --- Files ---
  const button = (key) => block.querySelector(`[data-key="${key}"]`);
  const labels = new Map();

  function fileRow({ key, label, says }) {
    const row = document.createElement("li");
    const made = document.createElement("button");
    made.type = "button";
    made.className = "rw-button";
    made.textContent = label;
    made.dataset[key === "print" ? "want" : "key"] = key;
    const about = document.createElement("span");
    about.textContent = says;
    about.id = `rw-file-${key}`;
    made.setAttribute("aria-describedby", about.id);
    labels.set(key, label);
    row.append(made, about);
    return row;
  }

  function showFiles() {
    const print = { key: "print", label: "Print this page", says: "The answer, every input and its source, on A4." };
    find(".rw-files").replaceChildren(...[...model.get("files"), print].map(fileRow));
  }

  // A button that is at work keeps the focus; pressed again, it does nothing.
  const begun = new Map();
  const fileOf = (key) => ({ want: "file", key, asks: true });

  function ask(key) {
    if (begun.has(key)) return;
    begun.set(key, performance.now());
    button(key).setAttribute("aria-disabled", "true");
    say(`Making: ${labels.get(key)} …`, button(key).parentElement);
    model.send(fileOf(key));
  }

  // What takes long is seen to go on; a screen reader hears of its beginning and its end.
  const clock = setInterval(() => {
    for (const [key, since] of begun) {
      const seconds = Math.round((performance.now() - since) / 1000);
      if (seconds >= SLOW && seen.parentElement === button(key)?.parentElement) {
        seen.textContent = `Making: ${labels.get(key)} … ${seconds} seconds so far.`;
      }
    }
  }, 1000);

  function handOver({ key, failed, name, type }, content) {
    if (!begun.delete(key)) return; // asked for in another view of this page
    button(key).removeAttribute("aria-disabled");
    if (!failed) save(name, content, type);
    say(failed ?? `${name} is in your downloads.`, button(key).parentElement);
  }

  // --- Opening ---
  async function open([file, ...more]) {
    const sayHere = (words) => say(words, zone);
    sayHere(`Opening ${file.name}.`);
    const content = await readFile(file, model.get("largest"), sayHere);
    if (!content) return;
    if (more.length) sayHere(`Opening ${file.name} alone: one file at a time.`);
    model.send({ want: "open", name: file.name }, undefined, [content]);
  }

  const showTold = () => {
    told.innerHTML = model.get("told");
    if (model.get("told")) seen.remove();
    const had = document.activeElement === offer;
    offer.hidden = !model.get("offer");
    if (had && offer.hidden) zone.querySelector("input").focus();
  };

  // --- The link and the lines ---
  let timer;
  const showLink = () => {
    const address = new URL(own ? location.href : `http://127.0.0.1:8866/voila/render/${model.get("page")}`);
    address.search = model.get("link");
    address.hash = "";
    field.value = address.href;
    if (!own || !model.get("follows")) return;
    clearTimeout(timer);
    timer = setTimeout(() => history.replaceState(history.state, "", address), SETTLED);
  };
  const showLines = () => {
    lines.textContent = model.get("code");
  };

  async function copy(text, what, fallback, place) {
    try {
      await navigator.clipboard.writeText(text);
      say(`${what} copied.`, place);
    } catch {
      fallback();
      say(`${what} selected. Copy with Ctrl and C.`, place);
    }
  }
  const copies = {
    link: () => copy(field.value, "The link is", () => field.select(), find(".rw-linkline")),
    lines: () => copy(lines.textContent, "The lines are", () => getSelection().selectAllChildren(lines), box),
  };

  block.addEventListener("click", (event) => {
    const { want, key } = event.target.dataset;
    if (key) ask(key);
    else if (want === "print") window.print();
    else if (want in copies) copies[want]();
    else if (want) model.send({ want });
  });
  box.addEventListener("toggle", () => {
    model.set("code_open", box.open);
    model.save_changes();
  });
  takesFiles(zone, zone.querySelector("input"), open);
  model.on("reconnected", (ask) => [...begun.keys()].map(fileOf).forEach(ask));
  model.on("msg:custom", (message, buffers) => {
    if (message.said) say(message.said, zone);
    if (message.key) handOver(message, buffers[0]);
  });

  // A file that is dropped beside its place must not be opened in the page's stead.
  const refuse = (event) => {
    if (event.defaultPrevented || !isOfFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "none";
  };
  if (own) for (const kind of ["dragover", "drop"]) window.addEventListener(kind, refuse);

  model.on("change:files", showFiles);
  for (const name of ["told", "offer"]) model.on(`change:${name}`, showTold);
  for (const name of ["link", "follows"]) model.on(`change:${name}`, showLink);
  model.on("change:code", showLines);
  showFiles();
  showTold();
  showLink();
  showLines();
  box.open = model.get("code_open");
  return () => {
    clearTimeout(timer);
    clearInterval(clock);
    for (const kind of ["dragover", "drop"]) window.removeEventListener(kind, refuse);
  };
}

export default { render };
