// A council's own file: its size is looked at before it is read, and it is sent as it is.

function render({ model, el }) {
  const block = document.createElement("section");
  block.className = "rw-upload";
  block.innerHTML = `
    <h3></h3>
    <p class="rw-note"></p>
    <p class="rw-buttons">
      <label class="rw-button rw-file">Choose a file<input type="file" accept=".csv,.xlsx,text/csv"></label>
      <button type="button" class="rw-button" data-want="template">Download a template (CSV)</button>
      <button type="button" class="rw-button" data-want="forget" hidden>Remove my figures</button>
    </p>
    <p class="rw-said" role="status"></p>
    <div class="rw-scroll"></div>`;
  el.replaceChildren(block);
  const input = block.querySelector("input");
  const status = block.querySelector("[role=status]");
  const found = block.querySelector(".rw-scroll");
  const forget = block.querySelector("[data-want=forget]");

  async function take(file) {
    if (!file) return;
    const megabytes = (file.size / 1e6).toLocaleString("en-GB", { maximumFractionDigits: 1 });
    const most = model.get("largest") / 1e6;
    if (file.size > model.get("largest")) {
      status.textContent = `${file.name} is ${megabytes} MB. It was not read: a file may have ${most} MB at most. A workforce table is far smaller.`;
      return;
    }
    status.textContent = `Reading ${file.name}.`;
    let content;
    try {
      content = await file.arrayBuffer();
    } catch {
      status.textContent = `${file.name} cannot be read. Is it still there, and closed in Excel?`;
      return;
    }
    model.send({ name: file.name }, undefined, [content]);
  }

  input.addEventListener("change", () => {
    take(input.files[0]);
    input.value = "";
  });
  block.addEventListener("dragover", (event) => event.preventDefault());
  block.addEventListener("drop", (event) => {
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  });
  block.addEventListener("click", (event) => {
    const want = event.target.dataset.want;
    if (!want) return;
    model.send({ want });
    if (want === "forget") input.focus();
  });
  model.on("msg:custom", (message) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([message.text], { type: "text/csv;charset=utf-8" }));
    link.download = message.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    status.textContent = `${message.name} is in your downloads.`;
  });

  // Messages wider than their place can be scrolled with the keyboard too.
  const reach = () => {
    const wide = found.scrollWidth > found.clientWidth + 1;
    if (wide) {
      found.tabIndex = 0;
      found.setAttribute("role", "region");
      found.setAttribute("aria-label", "What there is to say of your file");
    } else {
      found.removeAttribute("tabindex");
      found.removeAttribute("role");
      found.removeAttribute("aria-label");
    }
  };
  const show = () => {
    block.querySelector("h3").textContent = model.get("title");
    block.querySelector(".rw-note").textContent = model.get("about");
    found.innerHTML = model.get("said");
    reach();
    forget.hidden = !model.get("loaded");
  };
  const speak = () => {
    status.textContent = model.get("spoken");
  };
  for (const name of ["title", "about", "said", "loaded"]) model.on(`change:${name}`, show);
  model.on("change:spoken", speak);
  show();
  speak();
  const observer = new ResizeObserver(reach);
  observer.observe(found);
  return () => observer.disconnect();
}

export default { render };
