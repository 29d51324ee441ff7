// A line that says how much is shown: seen at once, read out when it has come to rest.

const REST = 700; // milliseconds without a change before it is read out

function render({ model, el }) {
  el.classList.add("rw-status");
  const seen = document.createElement("p");
  seen.setAttribute("aria-hidden", "true");
  const spoken = document.createElement("p");
  spoken.className = "rw-hidden";
  spoken.setAttribute("role", "status");
  el.replaceChildren(seen, spoken);

  let timer;
  const show = () => {
    seen.textContent = model.get("text");
    clearTimeout(timer);
    timer = setTimeout(() => {
      spoken.textContent = model.get("text");
    }, REST);
  };
  model.on("change:text", show);
  seen.textContent = model.get("text");
  return () => clearTimeout(timer);
}

export default { render };
