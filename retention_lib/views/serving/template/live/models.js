// What a page knows of its widgets.

const isObject = (value) => typeof value === "object" && value !== null;

function isSame(one, other) {
  if (one === other) return true;
  return isObject(one) && isObject(other) && JSON.stringify(one) === JSON.stringify(other);
}

// What a widget's script sees of it: anywidget's model.
class Model {
  constructor(id, state, post) {
    this.id = id;
    this.state = state;
    this.post = post;
    this.listeners = new Map();
    this.unsaved = {};
    this.underway = undefined;
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    if (isSame(value, this.state[name])) return;
    this.unsaved[name] = value;
    this.take({ [name]: value });
  }

  take(state) {
    const changed = Object.keys(state).filter((name) => !isSame(state[name], this.state[name]));
    Object.assign(this.state, state);
    for (const name of changed) this.tell(`change:${name}`);
    if (changed.length) this.tell("change");
  }

  // One message at a time, and then what has changed since: a slider outruns the kernel.
  save_changes() {
    if (this.underway || !Object.keys(this.unsaved).length) return;
    const state = this.unsaved;
    this.unsaved = {};
    const name = this.say({ method: "update", state, buffer_paths: [] });
    this.underway = { name, state };
  }

  send(content, _callbacks, buffers) {
    this.say({ method: "custom", content }, buffers);
  }

  say(data, buffers) {
    return this.post("comm_msg", { comm_id: this.id, data }, buffers);
  }

  // The kernel has done what a message asked for.
  done(name) {
    if (this.underway?.name !== name) return;
    this.underway = undefined;
    this.save_changes();
  }

  // What was underway when the connection was lost may never have arrived.
  again() {
    if (!this.underway) return;
    this.unsaved = { ...this.underway.state, ...this.unsaved };
    this.underway = undefined;
    this.save_changes();
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
