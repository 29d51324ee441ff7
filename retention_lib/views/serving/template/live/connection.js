// Brings a workbook's page to life: connects it to its kernel and draws its widgets. The five files
// of this folder are one script (see files.py); this is the first.
//
// Voilà's own script does the same for widgets of any kind, but is a JupyterLab of four megabytes
// that takes a browser a second to start. Our pages are made of widgets that are drawn here; a page
// that holds anything else gets Voilà's script.

// The connection to the kernel, and messages as Jupyter writes them.

const SUBPROTOCOL = "v1.kernel.websocket.jupyter.org";
const FIRST_WAIT = 1000; // milliseconds until a lost connection is tried again; each time twice that,
const LONGEST_WAIT = 10000; // but no more
const CATCHING_UP = 15000; // milliseconds after which a connection that tells nothing is given up

const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);

function unique() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const bytesOf = (file) => ArrayBuffer.isView(file)
  ? new Uint8Array(file.buffer, file.byteOffset, file.byteLength) : new Uint8Array(file);

// Where each part starts and where the last one ends, then the parts: the channel, four of JSON
// and any files.
function pack(message, buffers) {
  const text = new TextEncoder();
  const { header, metadata, content } = message;
  const parts = [text.encode("shell")];
  for (const part of [header, {}, metadata, content]) parts.push(text.encode(JSON.stringify(part)));
  for (const each of buffers) parts.push(bytesOf(each));
  const count = parts.length + 1;
  const head = 8 * (count + 1);
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, head));
  const places = new DataView(whole.buffer);
  places.setBigUint64(0, BigInt(count), true);
  let place = head;
  parts.forEach((part, index) => {
    places.setBigUint64(8 * (index + 1), BigInt(place), true);
    whole.set(part, place);
    place += part.byteLength;
  });
  places.setBigUint64(8 * count, BigInt(place), true);
  return whole;
}

function unpack(data) {
  const text = new TextDecoder();
  const view = new DataView(data);
  const count = Number(view.getBigUint64(0, true));
  const at = Array.from({ length: count }, (_, index) => Number(view.getBigUint64(8 * (index + 1), true)));
  const part = (index) => JSON.parse(text.decode(new Uint8Array(data, at[index], at[index + 1] - at[index])));
  const buffers = at.slice(5, -1).map((start, index) => new DataView(data, start, at[index + 6] - start));
  return { header: part(1), parent: part(2), content: part(4), buffers };
}

// The connection to the kernel. It is tried until the page says that there is no such kernel any more.
class Connection {
  constructor(kernel, page) {
    this.session = unique();
    this.address = new URL(`${config.baseUrl}api/kernels/${kernel}/channels`, location.href);
    this.address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.address.search = `session_id=${this.session}`;
    this.page = page;
    this.tries = 0;
    document.addEventListener("workbook-gone", () => this.leave());
    // A network that swallows what is sent closes nothing by itself. It may swallow what goes through
    // this socket alone: then the kernel rests, and has not heard.
    document.addEventListener("workbook-unreachable", () => this.socket.close());
    document.addEventListener("workbook-resting", () => page.outbox.isOverdue() && this.socket.close());
    document.addEventListener("workbook-again", () => this.again());
    this.lost();
    this.open();
  }

  lost() {
    this.page.cutOff();
    document.dispatchEvent(new Event("workbook-lost"));
  }

  open() {
    const socket = new WebSocket(this.address, [SUBPROTOCOL]);
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => this.page.hear(unpack(event.data));
    socket.onopen = async () => {
      const silent = setTimeout(() => socket.close(), CATCHING_UP);
      await this.page.catchUp();
      clearTimeout(silent);
      if (socket.readyState !== WebSocket.OPEN) return;
      this.tries = 0;
      document.dispatchEvent(new Event("workbook-connected"));
      this.page.goOn();
    };
    socket.onclose = () => {
      if (this.left) return;
      this.lost();
      const wait = Math.min(FIRST_WAIT * 2 ** this.tries++, LONGEST_WAIT);
      this.timer = setTimeout(() => this.left || this.open(), wait);
    };
  }

  // Who waits for the connection wants it tried now.
  again() {
    if (this.left || this.page.outbox.isOpen) return;
    clearTimeout(this.timer);
    this.tries = 0;
    if (this.socket.readyState === WebSocket.CLOSED) this.open();
    else this.socket.close();
  }

  // Gives the name of the message, which the kernel's answers to it will have.
  send(kind, content, buffers = [], metadata = {}) {
    const header = {
      msg_id: unique(),
      msg_type: kind,
      username: "",
      session: this.session,
      date: new Date().toISOString(),
      version: "5.3",
    };
    // One that is closing takes nothing, and says so where errors are said.
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(pack({ header, metadata, content }, buffers));
    return header.msg_id;
  }

  leave() {
    this.left = true;
    this.socket.close();
  }
}
