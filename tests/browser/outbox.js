// Stands in for a server and its kernel, which a page's own script is to reach over a bad network.
//
// The kernel knows two forms. Of "case", as of our pages, one choice is taken at a time: another
// preset sets both values of "levers" anew, and the same one does nothing. A lever above 1,000 is put
// back to 1,000. It does one message after the other, each turn once. What asks for the levers is
// answered each time, a moment after the message is done.

const PRESET = { a: { fall: 1, pay: 2 }, b: { fall: 3, pay: 4 }, c: { fall: 5, pay: 6 } };
const CHOICES = { preset: "a", council: "x" };
const MOST = 1000;
const LONG = 4; // milliseconds for a message each way, and in the kernel

const PLACE = { href: "http://here/", protocol: "http:" };

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

class Kernel {
  constructor() {
    this.states = { levers: { values: { ...PRESET.a } }, case: { values: { ...CHOICES } }, take: {} };
    this.told = []; // what was asked for, and what stood there then
    this.turns = new Set();
    this.work = Promise.resolve();
  }

  hear(message, socket) {
    this.work = this.work.then(async () => {
      await pause(LONG);
      const say = (id, data) => socket.bring("comm_msg", message.header, { comm_id: id, data });
      this.do(message.content.comm_id, message.content.data, message.metadata.turn, say);
      socket.bring("status", message.header, { execution_state: "idle" });
    });
  }

  do(id, data, turn, say) {
    const show = (each) => say(each, { method: "update", state: structuredClone(this.states[each]) });
    if (data.method === "request_states") {
      const states = Object.fromEntries(Object.entries(this.states).map(([name, state]) => [name, { state }]));
      say(id, structuredClone({ method: "update_states", states }));
    } else if (this.turns.has(turn)) {
      show(id);
    } else if (data.method) {
      if (turn) this.turns.add(turn);
      if (data.method === "custom") this.hearTold(id, data.content, say);
      else this.set(id, data.state.values, show);
    }
  }

  hearTold(id, { number, asks }, say) {
    const levers = { ...this.states.levers.values };
    if (asks) pause(2 * LONG).then(() => say(id, { method: "custom", content: { number, levers } }));
    else this.told.push([number, levers]);
  }

  set(id, values, show) {
    if (id === "case") this.choose(values, show);
    else Object.assign(this.states.levers.values, values);
    const { levers } = this.states;
    const wrong = Object.keys(levers.values).filter((part) => levers.values[part] > MOST);
    for (const part of wrong) levers.values[part] = MOST;
    if (wrong.length) show("levers");
  }

  choose(values, show) {
    const now = this.states.case.values;
    const part = Object.keys(CHOICES).find((each) => each in values && values[each] !== now[each]);
    if (!part) return;
    now[part] = values[part];
    if (part === "preset") this.states.levers.values = { ...PRESET[now.preset] };
    show("case");
    show("levers");
  }
}

// A network may swallow what is sent from now on, either way, and close nothing.
const network = {};
let kernel;

class Socket {
  static OPEN = 1;

  constructor() {
    this.readyState = 0;
    this.underway = new Map(); // what forms were set to and no answer has come to
    network.sockets.push(this);
    setTimeout(() => this.begin(), LONG);
  }

  begin() {
    if (this.readyState) return;
    if (network.refuses) {
      network.refuses -= 1;
      this.end();
      return;
    }
    network.swallows = false;
    this.readyState = 1;
    this.onopen();
  }

  send(message) {
    if (this.readyState === 0) throw new Error("not connected yet");
    const said = read(message);
    if (said.content.data.method === "update") this.note(said.header.msg_id, said.content.comm_id);
    const isLost = this.readyState !== 1 || network.swallows;
    if (!isLost) setTimeout(() => kernel.hear(said, this), LONG);
  }

  note(message, form) {
    const others = [...this.underway.values()].filter((each) => each === form);
    network.most = Math.max(network.most, others.length + 1);
    this.underway.set(message, form);
  }

  bring(kind, parent, content) {
    if (network.swallows) return;
    setTimeout(() => {
      if (this.readyState !== 1) return;
      if (kind === "status") this.underway.delete(parent.msg_id);
      this.onmessage({ data: written(kind, parent, content) });
    }, LONG);
  }

  close() {
    if (this.readyState < 2) this.readyState = 2;
    setTimeout(() => this.end(), LONG);
  }

  end() {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onclose();
  }
}

function read(message) {
  const view = new DataView(message.buffer);
  const count = Number(view.getBigUint64(0, true));
  const places = Array.from({ length: count }, (_, index) => Number(view.getBigUint64(8 * (index + 1), true)));
  const part = (index) => JSON.parse(new TextDecoder().decode(message.subarray(places[index], places[index + 1])));
  return { header: part(1), metadata: part(3), content: part(4) };
}

const written = (kind, parent, content) => ({ header: { msg_type: kind }, parent, content, buffers: [] });

// What the script unpacks from bytes it gets here as it is.
async function play(script, steps) {
  kernel = new Kernel();
  Object.assign(network, { swallows: false, refuses: 0, sockets: [], most: 0 });
  const { Page, Connection } = new Function("WebSocket", "document", "location", script)(Socket, fakeDocument(), PLACE);
  const page = new Page("kernel");
  for (const [id, state] of Object.entries(structuredClone(kernel.states))) page.add(id, state);
  page.connection = new Connection("kernel", page);
  const begun = new Map(); // what was asked for and has no answer yet
  const answers = [];
  const take = page.models.get("take");
  take.on("reconnected", (ask) => [...begun.values()].forEach(ask));
  take.on("msg:custom", ({ number, levers }) => begun.delete(number) && answers.push([number, levers]));
  const ask = (number) => {
    begun.set(number, { number, asks: true });
    take.send(begun.get(number));
  };
  const set = (id, part, value) => {
    const model = page.models.get(id);
    model.set("values", { ...model.get("values"), [part]: value });
    model.save_changes();
  };
  const does = {
    lever: (part, value) => set("levers", part, value),
    case: (part, value) => page.models.get("case").get("values")[part] === value || set("case", part, value),
    tell: (number) => take.send({ number }),
    ask,
    drop: () => network.sockets.at(-1).end(),
    swallow: () => { network.swallows = true; },
    refuse: (times) => { network.refuses = times; },
    wait: (time) => pause(time),
  };
  for (const [name, ...what] of steps) await does[name](...what);
  if (network.swallows) network.sockets.at(-1).end();
  for (let tries = 0; begun.size || page.outbox.entries.length || !page.outbox.isOpen; tries += 1) {
    if (tries > 200) throw new Error("it does not come to rest");
    await pause(5);
  }
  await pause(4 * LONG);
  const seen = (id) => page.models.get(id).get("values");
  return {
    told: kernel.told,
    answers,
    most: network.most,
    here: [seen("levers"), seen("case")],
    there: [kernel.states.levers.values, kernel.states.case.values],
  };
}

function fakeDocument() {
  return Object.assign(new EventTarget(), {
    currentScript: { dataset: {} },
    getElementById: (id) => (id === "jupyter-config-data" ? { textContent: '{"baseUrl": "/"}' } : null),
  });
}
