// How far the ranges behind the answer have been worked out; they can be stopped and begun again.

function render({ model, el }) {
  el.classList.add("rw-refining");
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", "Ranges worked out");
  const said = document.createElement("span");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "rw-link";
  button.addEventListener("blur", () => show());
  button.addEventListener("click", () => model.send({ want: model.get("running") ? "stop" : "go" }));
  const line = document.createElement("p");
  line.append(said, " ", bar, " ", button);
  el.append(line);

  function show() {
    line.hidden = !model.get("said");
    const [done, whole] = [model.get("done"), model.get("whole")];
    bar.max = whole;
    bar.value = done;
    bar.hidden = !model.get("running");
    said.textContent = model.get("said");
    button.textContent = model.get("running") ? "Stop" : "Work the ranges out again";
    // A button that has the focus must not vanish under it: it goes when it is left.
    button.hidden = !model.get("running") && done >= whole && document.activeElement !== button;
  }

  model.on("change", show);
  show();
  // Somebody is looking: until then a page that is kept ready works nothing out.
  model.send({ want: "seen" });
}

export default { render };
