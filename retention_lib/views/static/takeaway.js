// What can be taken away: the scenario as a file, and a link that opens exactly this.
// On a page of our own the link also stands in the address bar, so that a reload goes on from here.

const LARGEST = 1_000_000; // bytes of a scenario file
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
    <p class="rw-buttons">
      <button type="button" class="rw-button" data-want="scenario">Save this scenario</button>
      <label class="rw-button rw-file">Open a saved scenario<input type="file" accept=".json,application/json"></label>
      <button type="button" class="rw-button" data-want="all">Download all tables (CSV)</button>
      <button type="button" class="rw-button" data-want="print">Print this page</button>
    </p>
    <label for="rw-the-link">Link that opens exactly this</label>
    <p class="rw-linkline"><input type="text" id="rw-the-link" readonly>
      <button type="button" class="rw-button" data-want="link">Copy the link</button></p>
    <p class="rw-note">The link works where the workbooks are running. To send your work to somebody else, save the scenario: it holds your reasons too, and they are not in the link.</p>
    <p class="rw-said" role="status"></p>`;
  el.replaceChildren(block);
  const field = block.querySelector("#rw-the-link");
  const said = block.querySelector(".rw-said");

  let timer;
  const show = () => {
    const address = new URL(own ? location.href : `http://127.0.0.1:8866/voila/render/${model.get("page")}`);
    address.search = model.get("link");
    address.hash = "";
    field.value = address.href;
    if (!own || !model.get("follows")) return;
    clearTimeout(timer);
    timer = setTimeout(() => history.replaceState(history.state, "", address), SETTLED);
  };

  async function copy() {
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = "The link is copied.";
    } catch {
      field.focus();
      field.select();
      said.textContent = "The link is selected. Copy it with Ctrl and C.";
    }
  }

  block.addEventListener("click", (event) => {
    const want = event.target.dataset.want;
    if (want === "link") copy();
    else if (want === "print") window.print();
    else if (want) model.send({ want });
  });
  block.querySelector("input[type=file]").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    if (file.size > LARGEST) said.textContent = `${file.name} is over 1 MB. A saved scenario is far smaller.`;
    else {
      model.send({ want: "open", text: await file.text() });
      said.textContent = `Opening ${file.name}.`;
    }
    event.target.value = "";
  });
  model.on("msg:custom", (message) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([message.text], { type: message.type }));
    link.download = message.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    said.textContent = `${message.name} is in your downloads.`;
  });
  model.on("change:link", show);
  model.on("change:follows", show);
  show();
  return () => clearTimeout(timer);
}

export default { render };
