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

  const say = (words) => {
    status.textContent = words;
  };

  async function take([file]) {
    say(`Reading ${file.name}.`);
    const content = await readFile(file, model.get("largest"), say);
    if (content) model.send({ name: file.name }, undefined, [content]);
  }

  takesFiles(block, input, take);
  block.addEventListener("click", (event) => {
    const want = event.target.dataset.want;
    if (!want) return;
    model.send({ want, asks: want === "template" });
    if (want === "forget") input.focus();
  });
  model.on("msg:custom", (message) => {
    save(message.name, message.text, "text/csv;charset=utf-8");
    say(`${message.name} is in your downloads.`);
  });

  const fit = () => reach(found, "What there is to say of your file");
  const show = () => {
    block.querySelector("h3").textContent = model.get("title");
    block.querySelector(".rw-note").textContent = model.get("about");
    found.innerHTML = model.get("said");
    fit();
    forget.hidden = !model.get("loaded");
  };
  const speak = () => say(model.get("spoken"));
  for (const name of ["title", "about", "said", "loaded"]) model.on(`change:${name}`, show);
  model.on("change:spoken", speak);
  show();
  speak();
  const observer = new ResizeObserver(fit);
  observer.observe(found);
  return () => observer.disconnect();
}

export default { render };
