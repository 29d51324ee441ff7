// The page: what its kernel says, what is drawn of it, and the start.

const OUTPUT = 'script[type="application/vnd.voila.cell-output+json"]';
const VIEW = "application/vnd.jupyter.widget-view+json";
const REFERENCE = "IPY_MODEL_";
const HTML = "text/html";
const OURS = "retention_lib."; // what the names of our widgets start with
const SHARED = ["_esm", "_css"]; // texts that widgets have in common

const { voila } = document.currentScript.dataset;

class Page {
  constructor(kernel) {
    this.kernel = kernel;
    this.models = new Map();
    this.control = unique();
  }

  hear({ header, parent, content, buffers }) {
    if (header.msg_type === "status" && content.execution_state === "idle") {
      for (const model of this.models.values()) model.done(parent.msg_id);
      this.settle?.();
    } else if (header.msg_type === "comm_open" && content.target_name === "jupyter.widget") {
      this.add(content.comm_id, content.data.state);
    } else if (header.msg_type === "comm_close") {
      this.models.delete(content.comm_id);
    } else if (header.msg_type === "comm_msg" && content.comm_id === this.control) {
      this.asked(content.data);
    } else if (header.msg_type === "comm_msg") {
      const model = this.models.get(content.comm_id);
      const { method, state, content: said } = content.data;
      // An "echo_update" says only what this page has said itself.
      if (method === "update") model?.take(state);
      else if (method === "custom") model?.tell("msg:custom", said, buffers);
    }
  }

  again() {
    for (const model of this.models.values()) model.again();
  }

  add(id, state) {
    this.models.set(id, new Model(id, state, (...what) => this.connection.send(...what)));
  }

  find(reference) {
    return this.models.get(reference?.replace(REFERENCE, ""));
  }

  draw(model) {
    return new VIEWS[kindOf(model.state)](this, model);
  }

  // Tells whether all that is to be drawn is of kinds that this file draws.
  canDraw(references) {
    return references.every((reference) => {
      const model = this.find(reference);
      if (!isKnown(model)) return false;
      const layout = this.find(model.get("layout"));
      if (layout && kindOf(layout.state) !== LAYOUT) return false;
      return this.canDraw(model.get("children") ?? []);
    });
  }

  // What the page itself tells of its widgets.
  readStates() {
    const { states, texts } = JSON.parse(document.getElementById("widgets")?.textContent ?? '{"states":{}}');
    for (const [id, state] of Object.entries(states)) {
      for (const name of SHARED) if (name in state) state[name] = texts[state[name]];
      this.add(id, state);
    }
  }

  // Ours stay as they are until a browser has spoken; others may have changed since.
  mayHaveChanged() {
    const names = [...this.models.values()].map((model) => model.get("_anywidget_id") ?? OURS);
    return !names.every((name) => name.startsWith(OURS));
  }

  async askForStates() {
    const content = { comm_id: this.control, target_name: "jupyter.widget.control", data: {} };
    const answer = new Promise((resolve) => {
      this.asked = resolve;
    });
    this.connection.send("comm_open", content, [], { version: "1.0.0" });
    this.connection.send("comm_msg", { comm_id: this.control, data: { method: "request_states" } });
    const { states } = await answer;
    this.connection.send("comm_close", { comm_id: this.control, data: {} });
    for (const [id, { state }] of Object.entries(states)) this.add(id, state);
  }

  async start(outputs, references) {
    this.connection = new Connection(this.kernel, (message) => this.hear(message), () => this.again());
    this.endOnLeaving();
    if (this.mayHaveChanged()) await this.askForStates();
    const views = references.map((reference) => this.draw(this.find(reference)));
    // Shown at once when all is drawn: each part that is shown alone is laid out anew.
    await Promise.all(views.map((view) => view.drawn));
    // A link's page is not shown before the kernel has opened what the link holds.
    if (location.search) await this.settled();
    for (const { script, place, model } of outputs) {
      if (model) place.append(views.shift().element);
      script.replaceWith(place);
    }
    document.dispatchEvent(new Event("workbook-drawn"));
  }

  // Resolves when the kernel has dealt with all that it was told.
  settled() {
    return new Promise((resolve) => {
      this.settle = () => {
        if ([...this.models.values()].every((model) => !model.underway)) resolve();
      };
      this.settle();
    });
  }

  // What a page says when it is left; its kernel ends at once.
  endOnLeaving() {
    window.addEventListener("beforeunload", () => {
      const form = new FormData();
      form.append("_xsrf", document.cookie.match(/(?:^|;\s*)_xsrf=([^;]*)/)?.[1] ?? "");
      navigator.sendBeacon(`${config.baseUrl}voila/api/shutdown/${this.kernel}`, form);
      this.connection.leave();
    });
  }
}

// Voilà adds an empty shell of JupyterLab's, with an id that our main landmark has already.
function dropShell() {
  new MutationObserver((_changes, watch) => {
    const shell = document.querySelector("body > .jp-LabShell");
    if (!shell) return;
    shell.removeAttribute("id");
    shell.hidden = true;
    watch.disconnect();
  }).observe(document.body, { childList: true });
}

function handOver() {
  dropShell();
  const script = document.createElement("script");
  script.src = voila;
  document.head.append(script);
}

// What a cell has made: a widget, or text with nothing in it that runs.
function read(script) {
  const data = JSON.parse(script.textContent).data ?? {};
  const place = document.createElement("div");
  place.className = "jp-OutputArea-output lm-Widget";
  if (VIEW in data) return { script, place, model: REFERENCE + data[VIEW].model_id };
  place.classList.add("jp-RenderedHTMLCommon");
  place.innerHTML = data[HTML] ?? "";
  return { script, place, isText: HTML in data && !place.querySelector("script") };
}

function start() {
  const workbook = document.getElementById("workbook");
  if (!workbook) return;
  const outputs = [...document.querySelectorAll(OUTPUT)].map(read);
  const references = outputs.map((output) => output.model).filter(Boolean);
  const page = new Page(workbook.dataset.kernel);
  page.readStates();
  const ours = outputs.every((output) => output.model ?? output.isText) && page.canDraw(references);
  // Voilà's script must be there when the page has loaded: it starts then.
  if (ours) page.start(outputs, references);
  else handOver();
}

start();
