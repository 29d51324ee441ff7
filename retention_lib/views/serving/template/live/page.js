// The page: what its kernel says, what is drawn of it, and the start.

const OUTPUT = 'script[type="application/vnd.voila.cell-output+json"]';
const VIEW = "application/vnd.jupyter.widget-view+json";
const REFERENCE = "IPY_MODEL_";
const HTML = "text/html";
const SHARED = ["_esm", "_css"]; // texts that widgets have in common

const { voila } = document.currentScript.dataset;

class Page {
  constructor(kernel) {
    this.kernel = kernel;
    this.models = new Map();
    this.outbox = new Outbox();
    this.whenSettled = () => {};
  }

  hear({ header, parent, content, buffers }) {
    if (header.msg_type === "status" && content.execution_state === "idle") {
      this.outbox.done(parent.msg_id);
      if (this.isSettled()) this.whenSettled();
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
      if (method === "update") model?.take(state, parent.msg_id);
      else if (method === "custom") model?.tell("msg:custom", said, buffers);
    }
  }

  // A connection that was lost is back. What the kernel has said meanwhile nobody heard; what was
  // set here meanwhile stays, and is sent.
  async catchUp() {
    if (!this.wasConnected) return;
    const states = await this.askForStates();
    for (const model of this.models.values()) model.take(states[model.id]?.state ?? {});
  }

  cutOff() {
    this.outbox.close();
  }

  goOn() {
    // An answer that came while nobody heard is to be asked for again.
    for (const model of this.wasConnected ? this.models.values() : []) {
      model.tell("reconnected", (content) => this.outbox.askFirst(model, content));
    }
    this.outbox.open();
    this.wasConnected = true;
  }

  add(id, state) {
    this.models.set(id, new Model(id, state, this));
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
    const told = document.querySelector("script#widgets");
    const { states, texts } = JSON.parse(told?.textContent ?? '{"states":{}}');
    for (const [id, state] of Object.entries(states)) {
      for (const name of SHARED) if (name in state) state[name] = texts[state[name]];
      this.add(id, state);
    }
  }

  async askForStates() {
    const about = { comm_id: unique(), target_name: "jupyter.widget.control" };
    const answer = new Promise((resolve) => {
      this.control = about.comm_id;
      this.asked = resolve;
    });
    const say = (kind, data) => this.connection.send(kind, { ...about, data }, [], { version: "1.0.0" });
    say("comm_open", {});
    say("comm_msg", { method: "request_states" });
    const { states } = await answer;
    say("comm_close", {});
    return states;
  }

  async start(outputs, references) {
    this.connection = new Connection(this.kernel, this);
    this.endOnLeaving();
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

  // Whether the kernel has dealt with all that was set.
  isSettled() {
    return !this.outbox.entries.some((entry) => entry.state);
  }

  settled() {
    return new Promise((resolve) => {
      this.whenSettled = resolve;
      if (this.isSettled()) resolve();
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
  if (!ours) return handOver();
  workbook.dataset.live = "";
  page.start(outputs, references).catch((error) => {
    console.error(error);
    document.dispatchEvent(new Event("workbook-failed"));
  });
}

start();
