// What a workbook's page does for itself, before and around the script that draws it:
// it says how far the start has got, and when the page no longer works.
(() => {
  "use strict";

  const CHECK_EVERY = 20000; // milliseconds between looks whether the kernel is alive,
  const CHECK_IN_USE = 3000; // and when a control is used
  const LEAVING = 3000; // how long the next page may take to come
  const SLOW_WIDGET = 4000; // after so long a widget that shows nothing is taken for drawn
  const PATIENCE = 5000; // after which a connection that does not come back is spoken of
  const NO_ANSWER = 8000; // after which the server is taken to be out of reach

  const ASLEEP = {
    heading: "This page has gone to sleep",
    text: "It was not used for a long time, this computer slept or was offline, or the workbooks were started afresh. What you change here is no longer worked out.",
    button: "Start again from where you were",
    press: () => location.reload(),
  };
  const STOPPED = {
    heading: "This page has lost its connection",
    text: "The workbooks cannot be reached. If they run on this computer, start them. Then try again.",
    button: "Try again",
    press: tryAgain,
  };
  const CUT_OFF = {
    heading: "This page waits for its connection",
    text: "The workbooks are there, but what you change here does not reach them. It is tried again and again, and nothing you have set is lost. If this lasts, your network may not let websockets through: ask whoever looks after it.",
    button: "Try again",
    press: tryAgain,
  };
  const FAILED = {
    heading: "This page could not be drawn",
    text: "It is our fault. Open it again. If this happens again, tell whoever looks after the workbooks.",
    button: "Open it again",
    press: () => location.reload(),
  };

  const byId = (id) => document.getElementById(id);
  const config = JSON.parse(byId("jupyter-config-data").textContent);
  let leaving = false;
  let checked = 0;
  let underway; // the check that is; what another finds no longer counts
  let lostSince; // while there is no connection to the kernel
  let failed = false; // to be drawn

  function requestToken() {
    return document.cookie.match(/(?:^|;\s*)_xsrf=([^;]*)/)?.[1] ?? "";
  }

  // Without this cookie the server refuses the request with which a closing page ends its kernel,
  // and the kernel stays.
  function setRequestCookie() {
    if (requestToken()) return;
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const token = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `_xsrf=${token}; path=${config.baseUrl}; SameSite=Strict${secure}`;
  }

  // --- The start ---------------------------------------------------------------------------

  function say(words) {
    const line = byId("starting");
    if (line && line.textContent !== words) line.textContent = words;
  }

  function isDrawn(output) {
    if (output.querySelector(":scope > script")) return false;
    const widget = output.querySelector(".jupyter-widgets, .lm-Widget");
    if (!widget) return true;
    return widget.textContent !== "Loading widget..." && output.offsetHeight > 0;
  }

  // Follow the page as it arrives and comes to life, from one to the other end of the start.
  function follow() {
    let loaded = Infinity;
    let done = false;

    const finish = () => {
      if (done) return;
      done = true;
      noteKernel();
      byId("starting").remove();
      document.body.dataset.ready = "";
      performance.mark("workbook-ready");
    };

    const noteKernel = () => {
      const workbook = byId("workbook");
      if (workbook) document.body.dataset.kernelId = workbook.dataset.kernel;
    };

    const look = () => {
      const workbook = byId("workbook");
      if (done || !byId("starting")) return;
      noteKernel();
      if (document.querySelector(".problem")) {
        finish();
      } else if (workbook && document.readyState === "loading") {
        const part = Math.min(workbook.children.length + 1, workbook.dataset.cells);
        say(`Starting: working out part ${part} of ${workbook.dataset.cells}`);
      } else if (workbook) {
        say("Starting: drawing the page");
        // What is drawn all at once says so itself.
        const slow = !("live" in workbook.dataset) && performance.now() - loaded > SLOW_WIDGET;
        const drawn = [...workbook.querySelectorAll(".output")].every(isDrawn);
        if (loaded !== Infinity && (drawn || slow)) finish();
      }
    };

    // To look lays the page out, so it is done once a frame and not with every change.
    let looking;
    const watch = new MutationObserver(() => {
      looking ??= requestAnimationFrame(() => {
        looking = undefined;
        look();
        if (done) watch.disconnect();
      });
    });
    watch.observe(document.documentElement, { childList: true, subtree: true });
    // Who draws all at once says so; to look would lay the page out while it is still hidden.
    document.addEventListener("workbook-drawn", finish);
    window.addEventListener("load", () => {
      loaded = performance.now();
      // Nothing in the page changes when a widget gets its height.
      const timer = setInterval(() => {
        look();
        if (done) clearInterval(timer);
      }, 100);
    });
  }

  // --- The end -----------------------------------------------------------------------------

  function showLost(message) {
    const banner = byId("lost");
    if (banner.dataset.heading === message.heading) return;
    banner.dataset.heading = message.heading;
    const heading = document.createElement("h2");
    heading.textContent = message.heading;
    const text = document.createElement("p");
    text.textContent = message.text;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = message.button;
    button.addEventListener("click", message.press);
    banner.replaceChildren(heading, text, button);
    banner.hidden = false;
  }

  function hideLost() {
    const banner = byId("lost");
    if (banner.contains(document.activeElement)) byId("main").focus();
    banner.hidden = true;
    banner.replaceChildren();
    delete banner.dataset.heading;
  }

  async function check() {
    const kernel = document.body.dataset.kernelId;
    if (!kernel || leaving || underway) return;
    checked = performance.now();
    const mine = {};
    underway = mine;
    const { status, isFine, rests } = await ask(kernel);
    if (mine !== underway) return;
    underway = undefined;
    if (status) judge(status, isFine);
    else if (!leaving) {
      showLost(STOPPED);
      document.dispatchEvent(new Event("workbook-unreachable"));
    }
    if (rests) document.dispatchEvent(new Event("workbook-resting"));
  }

  // The status is 0 where nothing answers; a network may also swallow what is asked.
  async function ask(kernel) {
    try {
      const answer = await fetch(`${config.baseUrl}api/kernels/${kernel}`, {
        cache: "no-store",
        headers: { "X-XSRFToken": requestToken() }, // JupyterHub asks for it
        signal: AbortSignal.timeout(NO_ANSWER),
      });
      // Who signs people in may answer in the kernel's place, in HTML.
      const told = answer.ok ? await answer.json().catch(() => ({})) : {};
      return { status: answer.status, isFine: answer.ok, rests: told.execution_state === "idle" };
    } catch {
      return { status: 0, isFine: false, rests: false };
    }
  }

  function judge(status, isFine) {
    if (status === 404) {
      showLost(ASLEEP);
      document.dispatchEvent(new Event("workbook-gone"));
    } else if (failed) showLost(FAILED);
    else if (isFine && isCutOff()) showLost(CUT_OFF);
    else if (isFine) hideLost();
    else if (status >= 500 || isCutOff()) showLost(STOPPED); // a proxy answers for it
  }

  function tryAgain() {
    document.dispatchEvent(new Event("workbook-again"));
    check();
  }

  const isCutOff = () => lostSince !== undefined && performance.now() - lostSince >= PATIENCE;

  // What our own script tells of its connection.
  function followConnection() {
    document.addEventListener("workbook-lost", () => {
      lostSince ??= performance.now();
      setTimeout(() => isCutOff() && check(), PATIENCE);
    });
    document.addEventListener("workbook-connected", () => {
      lostSince = undefined;
      underway = undefined;
      if (!byId("lost").hidden) check();
    });
    document.addEventListener("workbook-failed", () => {
      failed = true;
      showLost(FAILED);
    });
  }

  // A socket that closes is the first sign; a moment later the server can say what it means.
  function watchSockets() {
    const Plain = window.WebSocket;
    window.WebSocket = class extends Plain {
      constructor(...options) {
        super(...options);
        this.addEventListener("close", () => setTimeout(check, 500));
      }
    };
  }

  function watchKernel() {
    setInterval(() => {
      if (!document.hidden) check();
    }, CHECK_EVERY);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) check();
    });
    for (const kind of ["input", "click"]) {
      document.addEventListener(kind, () => {
        if (performance.now() - checked > CHECK_IN_USE) check();
      });
    }
    // A page that is being left has ended its kernel and is not to say so. But a link that opens
    // a mail, say, ends the kernel and leaves the page here.
    window.addEventListener("beforeunload", () => {
      leaving = true;
      setTimeout(() => {
        leaving = false;
        check();
      }, LEAVING);
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) location.reload();
    });
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-again]")) return;
    event.preventDefault();
    location.reload();
  });

  setRequestCookie();
  watchSockets();
  followConnection();
  follow();
  watchKernel();
})();
