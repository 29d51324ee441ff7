// A form drawn from a list of fields. A number is a slider and a number box that are one control:
// both have the field's name, both move together, and whichever moved last is what counts.

const STEP_KEYS = { ArrowUp: 1, ArrowDown: -1 };
const TYPING = 150; // milliseconds without a letter before a search that follows typing is made

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name in made && name !== "list") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// One for each number of decimals: a formatter takes longer to make than all of a form to write.
const formats = new Map();

function written(value, decimals) {
  if (!formats.has(decimals)) {
    formats.set(decimals, new Intl.NumberFormat("en-GB", { maximumFractionDigits: decimals }));
  }
  return formats.get(decimals).format(value);
}

// "£30,000", "83 %" and "15% of salary" are numbers to a person; "30k" could be misread, so it is
// asked for again.
function parsed(text) {
  const digits = text.replace(/[£,%\s]/g, "").replace(/[−–]/g, "-").replace(/^(-?[\d.]+)[a-z]{2,}$/i, "$1");
  return /^-?(\d+\.?\d*|\.\d+)$/.test(digits) ? Number(digits) : null;
}

// A browser has no larger whole numbers, and Python takes none (see from_browser.py).
const isExact = (value) => Math.abs(value) <= Number.MAX_SAFE_INTEGER;

function render({ model, el }) {
  el.classList.add("rw-form");
  const controls = new Map();
  const typedProblems = new Map();
  let dragging = false;

  function send(path, value) {
    model.set("values", { ...model.get("values"), [path]: value });
    model.save_changes();
  }

  function explain(field, text) {
    typedProblems.set(field.path, text);
    showState(field.path);
  }

  function numberControl(field, id) {
    const slider = element("input", {
      type: "range", id: `${id}-slider`, min: field.min, max: field.max, step: field.step,
      "aria-label": `${field.label}, slider`,
    });
    const box = element("input", {
      type: "text", id, inputMode: field.min < 0 ? "text" : "decimal", autocomplete: "off",
      "aria-describedby": `${id}-unit ${id}-source ${id}-problem`,
    });
    let typing = false; // what is being typed stands until it is done
    const show = (value, except) => {
      const text = written(value, field.decimals);
      if (slider !== except) slider.value = value;
      if (box !== except && !typing) box.value = text;
      slider.setAttribute("aria-valuetext", `${field.before}${text}${field.after}`);
    };
    const take = (value, from) => {
      explain(field, "");
      show(value, from);
      send(field.path, value);
    };
    slider.addEventListener("input", () => take(Number(slider.value), slider));
    box.addEventListener("input", () => {
      typing = true;
    });
    box.addEventListener("blur", () => {
      if (!typing) return;
      typing = false; // and nothing was changed: what has followed another number is shown now
      if (!typedProblems.get(field.path)) show(model.get("values")[field.path]);
    });
    box.addEventListener("change", () => {
      typing = false;
      const value = parsed(box.value);
      if (value !== null && isExact(value)) return take(value, null);
      const wrong = value !== null ? "This number is too large."
        : box.value.trim() ? `“${box.value}” is not a number.` : "There is no number here.";
      explain(field, `${wrong} Type a number such as ${written(field.start, field.decimals)}.`);
    });
    box.addEventListener("keydown", (event) => {
      const direction = STEP_KEYS[event.key];
      const value = parsed(box.value);
      if (!direction || value === null || !isExact(value)) return;
      event.preventDefault();
      typing = false;
      const next = Number((value + direction * field.step).toFixed(6));
      // A number past the slider's end moves from where it is.
      const [least, most] = [Math.min(field.min, value), Math.max(field.max, value)];
      take(Math.min(most, Math.max(least, next)), null);
    });
    const track = element("span", { className: "rw-track" }, slider);
    if (field.start >= field.min && field.start <= field.max) {
      const part = (field.start - field.min) / (field.max - field.min);
      const mark = element("span", { className: "rw-mark", title: `Case: ${field.start_text}` });
      mark.style.setProperty("--part", part);
      track.append(mark);
    }
    const number = element("span", { className: "rw-number", id: `${id}-unit` });
    number.append(...[field.before && element("span", {}, field.before), box, field.after && element("span", {}, field.after.trim())].filter(Boolean));
    controls.set(field.path, { field, show, focus: box });
    return element("div", { className: "rw-control" }, track, number);
  }

  function choiceControl(field, id) {
    const select = element("select", { id, "aria-describedby": `${id}-source ${id}-problem` });
    for (const option of field.options) {
      select.append(element("option", { value: option.value }, option.label));
    }
    select.addEventListener("change", () => {
      explain(field, "");
      send(field.path, select.value);
    });
    // An answer to an earlier choice must not undo what is being chosen now.
    const show = (value) => { if (document.activeElement !== select) select.value = value; };
    controls.set(field.path, { field, show, focus: select });
    return select;
  }

  // A list of one's own: what is chosen stands as buttons that take it away again.
  function listControl(field, id) {
    const select = element("select", { id, "aria-describedby": `${id}-source ${id}-problem` });
    const labels = new Map(field.options.map((option) => [option.value, option.label]));
    select.append(element("option", { value: "" }, field.prompt));
    for (const [value, label] of labels) select.append(element("option", { value }, label));
    const chosen = element("ul", { className: "rw-chosen" });
    let now = [];
    const change = (values) => {
      explain(field, "");
      show(values);
      send(field.path, values);
    };
    const show = (values) => {
      if (chosen.children.length && JSON.stringify(now) === JSON.stringify(values)) return;
      now = values ?? [];
      redraw(chosen, () => chosen.replaceChildren(...now.map((value) => {
        const button = element("button", { type: "button", className: "rw-link" }, `Remove ${labels.get(value) ?? value}`);
        button.addEventListener("click", () => {
          change(now.filter((one) => one !== value));
          select.focus();
        });
        return element("li", {}, button);
      })));
    };
    // A button adds: with arrow keys alone a list would change at every step.
    const add = element("button", { type: "button", id: `${id}-add`, className: "rw-button" }, "Add");
    add.addEventListener("click", () => {
      const value = select.value;
      select.value = "";
      if (value && !now.includes(value)) change([...now, value]);
    });
    controls.set(field.path, { field, show, focus: select });
    return element("div", { className: "rw-list" }, select, add, chosen);
  }

  function textControl(field, id) {
    const input = element("input", {
      type: "text", id, maxLength: 100, autocomplete: "off", "aria-describedby": `${id}-source ${id}-problem`,
    });
    const take = () => send(field.path, input.value.trim());
    input.addEventListener("change", take);
    if (field.live) {
      input.type = "search";
      let pause;
      input.addEventListener("input", () => {
        clearTimeout(pause);
        pause = setTimeout(take, TYPING);
      });
    }
    const show = (value) => { if (document.activeElement !== input) input.value = value; };
    controls.set(field.path, { field, show, focus: input });
    return input;
  }

  const KINDS = { number: numberControl, choice: choiceControl, list: listControl, text: textControl };

  function about(field) {
    const box = element("details", { className: "rw-about" });
    box.dataset.key = `about ${field.path}`;
    box.append(element("summary", {}, "Source and range", element("span", { className: "rw-hidden" }, ` of: ${field.label}`)));
    const list = element("dl");
    for (const [name, text] of field.about) {
      list.append(element("dt", {}, name), element("dd", {}, text));
    }
    box.append(list);
    return box;
  }

  function reason(field, id) {
    const input = element("input", { type: "text", id: `${id}-reason`, maxLength: 300, autocomplete: "off" });
    input.value = model.get("reasons")[field.path] ?? "";
    input.addEventListener("change", () => {
      model.set("reasons", { ...model.get("reasons"), [field.path]: input.value.trim() });
      model.save_changes();
    });
    const back = element("button", { type: "button", className: "rw-link" }, `Put back to ${field.start_text}`,
      element("span", { className: "rw-hidden" }, `: ${field.label}`));
    back.addEventListener("click", () => {
      explain(field, "");
      controls.get(field.path).show(field.start);
      send(field.path, field.start);
      controls.get(field.path).focus.focus();
    });
    return element("div", { className: "rw-reason", id: `${id}-changed`, hidden: true },
      element("p", {}, element("strong", {}, "Changed"), ` from ${field.start_text}. `, back),
      element("label", { htmlFor: `${id}-reason` }, "Why? It is printed with the answer",
        element("span", { className: "rw-hidden" }, `: ${field.label}`)), input);
  }

  function fieldRow(field) {
    const id = `rw-${model.get("name")}-${field.path.replace(/[^a-z0-9]+/gi, "-")}`;
    const row = element("div", { className: `rw-field rw-is-${field.kind}` });
    row.append(element("label", { htmlFor: id }, field.label));
    row.append(KINDS[field.kind](field, id));
    row.append(element("p", { className: "rw-problem", id: `${id}-problem`, role: "alert", hidden: true }));
    const tag = field.tag ? [element("strong", { className: "rw-tag" }, field.tag), " "] : [];
    row.append(element("p", { className: "rw-source", id: `${id}-source`, hidden: !field.source }, ...tag, field.source));
    if (field.about.length) row.append(about(field));
    if (field.reasoned) row.append(reason(field, id));
    controls.get(field.path).row = row;
    return row;
  }

  // What is drawn stays as it is where only what is chosen differs: a list that was built anew
  // would forget the letters that somebody is typing into it.
  const shape = () => JSON.stringify(model.get("sections"), (_, field) => (
    ["choice", "list", "text"].includes(field?.kind) ? { ...field, start: null } : field));
  let drawn;

  function draw() {
    if (drawn === shape()) {
      typedProblems.clear();
      showValues();
      showStates();
      return;
    }
    drawn = shape();
    redraw(el, drawAnew);
  }

  function drawAnew() {
    controls.clear();
    typedProblems.clear();
    el.replaceChildren(...model.get("sections").map((section) => {
      const rows = section.fields.map(fieldRow);
      if (!section.title) return element("div", { className: "rw-fields" }, ...rows);
      const box = element("details", { className: "rw-section" });
      box.dataset.title = section.title;
      box.dataset.key = section.key ?? section.title;
      box.append(element("summary", {}, section.title), ...rows);
      return box;
    }));
    showValues();
    showStates();
  }

  function showValues() {
    const values = model.get("values");
    for (const [path, control] of controls) {
      // What was typed wrong stands until it is put right.
      if (path in values && !typedProblems.get(path)) control.show(values[path], document.activeElement?.type === "range" ? document.activeElement : null);
    }
  }

  function showState(path) {
    const control = controls.get(path);
    if (!control) return;
    const problem = typedProblems.get(path) || model.get("problems")[path] || "";
    const said = control.row.querySelector(".rw-problem");
    if (said.textContent !== problem) said.textContent = problem;
    said.hidden = !problem;
    control.row.classList.toggle("rw-wrong", Boolean(problem));
    control.focus.setAttribute("aria-invalid", problem ? "true" : "false");
    const changed = control.row.querySelector(".rw-reason");
    if (changed) {
      const differs = model.get("changed").includes(path);
      // Nothing moves under a thumb that is still dragging.
      if (!dragging) changed.hidden = !differs;
      control.row.querySelector(".rw-source").hidden = (differs && !control.field.holds) || !control.field.source;
      const input = changed.querySelector("input");
      if (document.activeElement !== input) input.value = model.get("reasons")[path] ?? "";
    }
  }

  function showStates() {
    for (const path of controls.keys()) showState(path);
  }

  el.addEventListener("pointerdown", (event) => {
    dragging = event.target.type === "range";
  });
  const released = () => {
    if (!dragging) return;
    dragging = false;
    showStates();
  };
  window.addEventListener("pointerup", released);
  window.addEventListener("pointercancel", released);
  model.on("change:sections", draw);
  model.on("change:values", showValues);
  model.on("change:problems", showStates);
  model.on("change:changed", showStates);
  model.on("change:reasons", showStates);
  draw();
  return () => {
    window.removeEventListener("pointerup", released);
    window.removeEventListener("pointercancel", released);
  };
}

export default { render };
