// What a page knows of its widgets.

const isObject = (value) => typeof value === "object" && value !== null;

function isSame(one, other) {
  if (one === other) return true;
  return isObject(one) && isObject(other) && JSON.stringify(one) === JSON.stringify(other);
}

const hasParts = (value) => isObject(value) && !Array.isArray(value);

// Which parts of its values were set, by the values' names: once, and once more. A value without
// an entry was set as a whole.
function partsOf(once, again) {
  const parts = { ...once.parts };
  for (const [name, more] of Object.entries(again.state)) {
    const isWhole = !again.parts[name] || (name in once.state && !once.parts[name]);
    if (isWhole) delete parts[name];
    else parts[name] = [...new Set([...(parts[name] ?? []), ...again.parts[name]])];
  }
  return parts;
}

const only = (value, parts) => Object.fromEntries(parts.map((part) => [part, value[part]]));

// What a widget's script sees of it: anywidget's model.
class Model {
  constructor(id, state, page) {
    this.id = id;
    this.state = state;
    this.page = page;
    this.listeners = new Map();
    this.unsaved = { state: {}, parts: {} }; // what was set here and not saved yet
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    const now = this.state[name];
    if (isSame(value, now)) return;
    const parts = {};
    if (hasParts(value) && hasParts(now)) parts[name] = Object.keys(value).filter((part) => !isSame(value[part], now[part]));
    const set = { state: { [name]: value }, parts };
    this.unsaved = { state: { ...this.unsaved.state, ...set.state }, parts: partsOf(this.unsaved, set) };
    this.show(set.state);
  }

  save_changes() {
    const { state, parts } = this.unsaved;
    if (!Object.keys(state).length) return;
    this.unsaved = { state: {}, parts: {} };
    this.page.outbox.set(this, state, parts);
  }

  send(content, _callbacks, buffers) {
    this.page.outbox.tell(this, content, buffers);
  }

  // Of a value with parts only those are sent that were set: the kernel may know others better.
  post({ state, parts, content, buffers, turn }) {
    const data = content ? { method: "custom", content } : { method: "update", buffer_paths: [], state: { ...state } };
    for (const name of Object.keys(parts ?? {})) data.state[name] = only(state[name], parts[name]);
    return this.page.connection.send("comm_msg", { comm_id: this.id, data }, buffers, turn ? { turn } : {});
  }

  // What the kernel says, about a message. What was set here since stays, of an object part by part.
  take(told, message) {
    const shown = { ...told };
    for (const { state, parts } of [...this.page.outbox.after(message, this), this.unsaved]) {
      for (const name of Object.keys(state).filter((each) => each in told)) {
        const isPart = parts[name] && hasParts(shown[name]);
        shown[name] = isPart ? { ...shown[name], ...only(state[name], parts[name]) } : state[name];
      }
    }
    this.show(shown);
  }

  show(state) {
    const changed = Object.keys(state).filter((name) => !isSame(state[name], this.state[name]));
    Object.assign(this.state, state);
    for (const name of changed) this.tell(`change:${name}`);
    if (changed.length) this.tell("change");
  }

  on(name, listener) {
    const all = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, all.add(listener));
  }

  off(name, listener) {
    this.listeners.get(name)?.delete(listener);
  }

  tell(name, ...what) {
    for (const listener of [...(this.listeners.get(name) ?? [])]) {
      try {
        listener(...what);
      } catch (error) {
        console.error(error);
      }
    }
  }
}
