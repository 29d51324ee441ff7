// How widgets are drawn: with their own scripts, as anywidget does it, and one below the other.

const modules = new Map();
const styles = new Set();

// Widgets of one kind have one script, which is read once.
function load(script) {
  if (!modules.has(script)) {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const found = import(address).finally(() => URL.revokeObjectURL(address));
    modules.set(script, found);
  }
  return modules.get(script);
}

function addStyle(text) {
  if (!text || styles.has(text)) return;
  styles.add(text);
  const style = document.createElement("style");
  style.textContent = text;
  document.head.append(style);
}

// A view of a model: its element, and what must be undone when it goes.
class View {
  constructor(page, model) {
    this.model = model;
    this.element = document.createElement("div");
    this.element.className = "lm-Widget";
    this.undo = [];
    this.follow(model, "_dom_classes", () => this.dress());
    const layout = page.find(model.get("layout"));
    if (layout) this.follow(layout, "", () => this.lay(layout));
  }

  follow(model, name, show) {
    const event = name ? `change:${name}` : "change";
    model.on(event, show);
    this.undo.push(() => model.off(event, show));
    show();
  }

  dress() {
    this.element.classList.remove(...(this.worn ?? []));
    this.worn = this.model.get("_dom_classes") ?? [];
    this.element.classList.add(...this.worn);
  }

  lay(layout) {
    for (const [name, value] of Object.entries(layout.state)) {
      if (!name.startsWith("_")) this.element.style.setProperty(name.replaceAll("_", "-"), value ?? "");
    }
  }

  remove() {
    this.isGone = true;
    for (const step of this.undo.splice(0)) step?.();
    this.element.remove();
  }
}

class ScriptedView extends View {
  constructor(page, model) {
    super(page, model);
    addStyle(model.get("_css"));
    this.drawn = this.draw();
  }

  async draw() {
    try {
      const script = (await load(this.model.get("_esm"))).default;
      if (!this.isGone) this.undo.push(await script.render({ model: this.own(), el: this.element }));
    } catch (error) {
      console.error(error);
    }
  }

  // The model as the script has it: what it listens to, it no longer hears once it is gone.
  own() {
    const { model } = this;
    return {
      get: (name) => model.get(name),
      set: (name, value) => model.set(name, value),
      save_changes: () => model.save_changes(),
      send: (...what) => model.send(...what),
      off: (name, listener) => model.off(name, listener),
      on: (name, listener) => {
        model.on(name, listener);
        this.undo.push(() => model.off(name, listener));
      },
    };
  }
}

class BoxView extends View {
  constructor(page, model) {
    super(page, model);
    this.element.classList.add("jupyter-widgets", "lm-Panel", "widget-container", "widget-box", "widget-vbox");
    this.parts = [];
    this.undo.push(() => this.parts.forEach((part) => part.remove()));
    this.follow(model, "children", () => this.fill(page));
    this.drawn = Promise.all(this.parts.map((part) => part.drawn));
  }

  // What stays in its place stays as it is.
  fill(page) {
    const wanted = this.model.get("children").map((reference) => page.find(reference)).filter(isKnown);
    const kept = this.parts.findIndex((part, index) => part.model !== wanted[index]);
    for (const part of this.parts.splice(kept < 0 ? this.parts.length : kept)) part.remove();
    for (const model of wanted.slice(this.parts.length)) {
      const part = page.draw(model);
      this.parts.push(part);
      this.element.append(part.element);
    }
  }
}

const VIEWS = {
  "anywidget.AnyModel": ScriptedView,
  "@jupyter-widgets/controls.VBoxModel": BoxView,
};
const OURS = "retention_lib."; // what the names of our widgets start with
const LAYOUT = "@jupyter-widgets/base.LayoutModel";
const kindOf = (state) => `${state._model_module}.${state._model_name}`;
// Other people's anywidgets may do what is not done here.
const isOurs = (state) => (state._anywidget_id ?? OURS).startsWith(OURS);
const isKnown = (model) => model !== undefined && kindOf(model.state) in VIEWS && isOurs(model.state);
