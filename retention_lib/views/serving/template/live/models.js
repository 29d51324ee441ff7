// What a page knows of its widgets.

const isObject = (value) => typeof value === "object" && value !== null;

function isSame(one, other) {
  if (one === other) return true;
  return isObject(one) && isObject(other) && JSON.stringify(one) === JSON.stringify(other);
}

const hasParts = (value) => isObject(value) && !Array.isArray(value);
// Parts of a value, and more of them; nothing where it is to be taken as a whole.
const joined = (some, more) => some && more && [...some, ...more];
let turns = 0; // in which things were set, of all widgets

// What a widget's script sees of it: anywidget's model.
class Model {
  constructor(id, state, post) {
    this.id = id;
    this.state = state;
    this.post = post;
    this.listeners = new Map();
    this.unsaved = {}; // what was set here and not sent yet,
    this.parts = {}; // and which of its parts, where it has any
    this.underway = undefined;
    this.isCutOff = false;
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    const now = this.state[name];
    if (isSame(value, now)) return;
    const differ = hasParts(value) && hasParts(now) && Object.keys(value).filter((part) => !isSame(value[part], now[part]));
    this.parts[name] = joined(this.parts[name] ?? [], differ);
    this.unsaved[name] = value;
    this.since ??= ++turns;
    this.show({ [name]: value });
  }

  // What the kernel says. What was set here since stays, of an object part by part.
  take(state) {
    const shown = { ...state };
    for (const name of Object.keys(state).filter((each) => each in this.unsaved)) {
      shown[name] = this.kept(name, state[name]);
      this.unsaved[name] = shown[name];
    }
    this.show(shown);
  }

  kept(name, told) {
    const set = this.unsaved[name];
    if (!this.parts[name] || !hasParts(told)) return set;
    return { ...told, ...Object.fromEntries(this.parts[name].map((part) => [part, set[part]])) };
  }

  show(state) {
    const changed = Object.keys(state).filter((name) => !isSame(state[name], this.state[name]));
    Object.assign(this.state, state);
    for (const name of changed) this.tell(`change:${name}`);
    if (changed.length) this.tell("change");
  }

  // One message at a time, and then what has changed since: a slider outruns the kernel.
  save_changes() {
    if (this.isCutOff || this.underway || !Object.keys(this.unsaved).length) return;
    const { unsaved: state, parts, since } = this;
    this.unsaved = {};
    this.parts = {};
    this.since = undefined;
    const name = this.say({ method: "update", state, buffer_paths: [] });
    this.underway = { name, state, parts, since };
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

  // What was underway when the connection was lost may never have arrived: it is to be sent again.
  cutOff() {
    this.isCutOff = true;
    this.tell("cutoff");
    if (!this.underway) return;
    const { state, parts, since } = this.underway;
    this.unsaved = { ...state, ...this.unsaved };
    for (const name of Object.keys(state)) this.parts[name] = joined(parts[name], this.parts[name] ?? []);
    this.since = since;
    this.underway = undefined;
  }

  goOn() {
    this.isCutOff = false;
    this.save_changes();
    this.tell("connected");
  }

  isSettled() {
    return !this.underway && !Object.keys(this.unsaved).length;
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
