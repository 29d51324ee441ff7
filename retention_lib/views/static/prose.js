// A block of text and tables, made and escaped in Python.

function render({ model, el }) {
  const show = () => {
    redraw(el, () => {
      el.innerHTML = model.get("html");
    });
  };
  el.classList.add("rw-prose");
  model.on("change:html", show);
  show();
}

export default { render };
