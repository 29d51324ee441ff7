// A picture with its name, its sentence, its table and its file: the picture is swapped in place.

const NARROW = 520;
const LATER = 500; // milliseconds after which a picture out of sight is drawn for its room,
const APART = 60; // and after which the next one is

function render({ model, el }) {
  const figure = document.createElement("figure");
  figure.className = "rw-picture";
  const heading = document.createElement("h3");
  const drawing = document.createElement("div");
  drawing.className = "rw-drawing";
  const reading = document.createElement("figcaption");
  const box = document.createElement("details");
  box.className = "rw-table";
  box.open = model.get("table_open");
  const summary = document.createElement("summary");
  const table = document.createElement("div");
  table.className = "rw-scroll";
  const file = document.createElement("button");
  file.type = "button";
  file.className = "rw-link";
  box.append(summary, table, file);
  figure.append(heading, drawing, reading, box);
  el.replaceChildren(figure);

  const showTitle = () => {
    const title = model.get("title");
    heading.textContent = title;
    summary.textContent = `Table: ${title}`;
    file.textContent = `Download this table (CSV)`;
    file.setAttribute("aria-label", `Download this table (CSV): ${title}`);
  };
  const showDrawing = () => {
    drawing.innerHTML = model.get("svg");
    drawing.hidden = !model.get("svg");
  };
  const showReading = () => {
    reading.textContent = model.get("reading");
    reading.hidden = !model.get("reading");
  };
  // Tables that change together are measured together: each alone would lay the page out anew.
  let measuring;
  const fit = () => {
    cancelAnimationFrame(measuring);
    measuring = requestAnimationFrame(() => reach(table, `Table: ${model.get("title")}`));
  };
  const showTable = () => {
    table.innerHTML = model.get("table");
    fit();
  };
  // The picture is drawn anew for its width class, so that its words stay readable. Those in sight
  // come first: all at once would keep the first slider that is moved waiting.
  let isDue = false;
  let waiting;
  const wait = () => {
    const place = [...document.querySelectorAll(".rw-picture")].indexOf(figure);
    waiting = setTimeout(due, LATER + APART * place);
  };
  const measure = () => {
    const width = Math.round(el.clientWidth);
    if (!width || !isDue) return;
    const chosen = width < NARROW ? Math.max(280, Math.min(width, NARROW)) : Math.min(width, 800);
    if (Math.abs(chosen - model.get("width")) < 24) return;
    model.set("width", chosen);
    model.save_changes();
  };

  const due = () => {
    clearTimeout(waiting);
    sight.disconnect();
    isDue = true;
    measure();
  };
  const sight = new IntersectionObserver((entries) => {
    if (entries.at(-1).isIntersecting) due();
    else if (!waiting) wait();
  }, { rootMargin: "25% 0px" });

  box.addEventListener("toggle", () => {
    if (model.get("table_open") === box.open) return;
    model.set("table_open", box.open);
    model.save_changes();
  });
  file.addEventListener("click", () => model.send({ want: "csv", asks: true }));
  model.on("msg:custom", (message) => save(message.name, message.text, "text/csv;charset=utf-8"));
  model.on("change:svg", showDrawing);
  model.on("change:reading", showReading);
  model.on("change:title", showTitle);
  model.on("change:table", showTable);
  model.on("change:table_open", () => {
    box.open = model.get("table_open");
  });
  showTitle();
  showDrawing();
  showReading();
  showTable();
  const observer = new ResizeObserver(() => {
    measure();
    fit();
  });
  observer.observe(el);
  sight.observe(el);
  return () => {
    clearTimeout(waiting);
    sight.disconnect();
    observer.disconnect();
  };
}

export default { render };
