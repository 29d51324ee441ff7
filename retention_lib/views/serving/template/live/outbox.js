// What is told to the kernel: in the order in which it was done here, and each once, however often
// the connection is lost on the way.

class Outbox {
  constructor() {
    this.entries = []; // those that were sent, and are not known to be done, come first
    this.isOpen = false;
  }

  // What a widget was set to. A slider outruns the kernel: what has not been sent takes what follows.
  set(model, state, parts) {
    const last = this.entries.at(-1);
    if (last?.model !== model || !last.state || last.wasSent) return this.add({ model, state, parts });
    last.parts = partsOf(last, { state, parts });
    Object.assign(last.state, state);
    return this.go();
  }

  tell(model, content, buffers) {
    this.add({ model, content, buffers });
  }

  add(entry) {
    this.entries.push({ ...entry, turn: unique() });
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

  // What a widget was set to here that the kernel did not know of when it said something: all that
  // came after the message which it was about, as the kernel does one after the other.
  after(message, model) {
    const known = this.entries.findIndex((entry) => message && entry.sent === message);
    return this.entries.slice(known + 1).filter((entry) => entry.model === model && entry.state);
  }
}
