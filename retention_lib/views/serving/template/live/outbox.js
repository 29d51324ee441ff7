// What is told to the kernel: in the order in which it was done here, and each once, however often
// the connection is lost on the way.

const OVERDUE = 5000; // milliseconds after which a kernel that rests should have heard

// Of which slider an entry tells, where it tells of one alone.
function sliderOf({ state, parts }) {
  const [name, ...others] = Object.keys(state ?? {});
  if (name === undefined || others.length) return undefined;
  const [part, ...more] = parts[name] ?? [];
  if (more.length) return undefined;
  const value = part === undefined ? state[name] : state[name][part];
  return typeof value === "number" ? JSON.stringify([name, part]) : undefined;
}

class Outbox {
  constructor() {
    this.entries = []; // those that were sent, and are not known to be done, come first
    this.isOpen = false;
  }

  // What a widget was set to. A slider outruns the kernel: its next value takes the place of one that
  // has not been sent. A choice may have led to something before the next was made.
  set(model, state, parts) {
    const last = this.entries.at(-1);
    const slider = sliderOf({ state, parts });
    const goesOn = last?.model === model && slider !== undefined && slider === sliderOf(last);
    if (!goesOn || last.wasSent) return this.add({ model, state, parts, turn: unique() });
    last.state = state;
    return this.go();
  }

  // What only asks may be heard twice, and is answered each time: an answer may be lost too.
  tell(model, content, buffers) {
    this.add({ model, content, buffers, turn: content.asks ? undefined : unique() });
  }

  // Ask again for what was asked for and never came, before all that was done since.
  askFirst(model, content) {
    const isLeft = this.entries.some((entry) => entry.model === model && isSame(entry.content, content));
    if (!isLeft) this.entries.unshift({ model, content });
  }

  add(entry) {
    this.entries.push(entry);
    this.go();
  }

  // A widget is set to one thing at a time, and what was done after waits with it.
  go() {
    const busy = new Set();
    for (const entry of this.isOpen ? this.entries : []) {
      if (!entry.sent) {
        if (entry.state && busy.has(entry.model)) return;
        entry.sent = entry.model.post(entry);
        entry.wasSent = true;
        entry.at = performance.now();
      }
      if (entry.state) busy.add(entry.model);
    }
  }

  // The kernel has done what a message asked for.
  done(message) {
    this.entries = this.entries.filter((entry) => entry.sent !== message);
    this.go();
  }

  // What was sent may never have arrived. It is sent again, and a widget knows it by its turn.
  close() {
    this.isOpen = false;
    for (const entry of this.entries) entry.sent = undefined;
  }

  open() {
    this.isOpen = true;
    this.go();
  }

  // Whether something was sent long ago and is not known to have been heard.
  isOverdue() {
    return this.entries.some((entry) => entry.sent && performance.now() - entry.at > OVERDUE);
  }

  // What a widget was set to here that the kernel did not know of when it said something: all that
  // came after the message which it was about, as the kernel does one after the other.
  after(message, model) {
    const known = this.entries.findIndex((entry) => message && entry.sent === message);
    return this.entries.slice(known + 1).filter((entry) => entry.model === model && entry.state);
  }
}
