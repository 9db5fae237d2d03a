// A WebSocket that reconnects: after a break, after the machine slept, and as soon as the network is back.

import { meta } from "./dom.js";

// milliseconds
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
const PING_INTERVAL = 25_000;
const PING_TIMEOUT = 10_000; // without an answer for so long the connection counts as dead
const MIN_PING_INTERVAL = 2_000; // the server accepts only so many messages in ten seconds
const OPEN_TIMEOUT = 15_000;
const MAX_UNCHECKED_AGE = 30_000; // a connection without pings is replaced when it is older
const RESTART_SPREAD = 4_000; // clients of a restarted server reconnect at different moments

const RESTART_TRIES = 6; // about a minute; after that it is more than a restart
const TOO_MANY = 4429;
const RESTARTING = 1012;

export function socketUrl(path) {
  const origin = meta("realtime-url") || location.origin.replace(/^http/, "ws");
  return `${origin}${path}`;
}

/**
 * Hooks: `opened(send)` may be async and sends the first message; `received(message)`; `closed(code)` may be async and
 * returns false to stop for good; `state(name)` gets "live", "connecting", "reconnecting", "restarting", "offline" or
 * "off"; `ping(send)` sends a message that the server answers, and is left out where clients may not send any.
 */
export class Connection {
  #socket = null;
  #timer = 0;
  #tries = 0;
  #lastReceived = 0;
  #openedAt = 0;
  #lastPing = 0;
  #stopped = true;
  #wasLive = false;
  #serverRestarts = false;
  #lastTick = Date.now();

  constructor(url, hooks) {
    this.url = url;
    this.hooks = hooks;
    addEventListener("online", () => this.#check());
    addEventListener("offline", () => this.#drop());
    addEventListener("pageshow", () => this.#check());
    document.addEventListener("visibilitychange", () => document.hidden || this.#check());
    setInterval(() => this.#tick(), PING_INTERVAL);
  }

  start() {
    this.#stopped = false;
    this.#tries = 0;
    this.#wasLive = false;
    this.#open();
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#discardSocket();
  }

  /** To be called when the server has sent its first message. */
  live() {
    this.#tries = 0;
    this.#wasLive = true;
    this.#serverRestarts = false;
    this.hooks.state("live");
  }

  send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** The network may have changed: connect at once, or find out whether the connection is still alive. */
  #check() {
    if (this.#stopped) return;
    if (this.#socket && (this.hooks.ping || Date.now() - this.#openedAt < MAX_UNCHECKED_AGE)) return this.#ping();
    this.#discardSocket();
    this.#tries = 0;
    this.#open();
  }

  #open() {
    clearTimeout(this.#timer);
    this.hooks.state(this.#wasLive ? this.#reconnectingState() : "connecting");
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    this.#openedAt = Date.now();
    this.#timer = setTimeout(() => this.#lost(socket, 0), OPEN_TIMEOUT);
    socket.onopen = () => this.#opened(socket);
    socket.onmessage = ({ data }) => {
      if (socket !== this.#socket) return; // a discarded socket may still receive messages
      this.#lastReceived = Date.now();
      this.hooks.received(JSON.parse(data));
    };
    socket.onclose = ({ code }) => this.#lost(socket, code);
  }

  async #opened(socket) {
    clearTimeout(this.#timer);
    this.#lastReceived = Date.now();
    try {
      await this.hooks.opened((message) => socket === this.#socket && this.send(message));
    } catch {
      this.#lost(socket, 0);
    }
  }

  async #lost(socket, code) {
    if (socket !== this.#socket) return;
    this.#discardSocket();
    if (code === RESTARTING) this.#serverRestarts = true;
    this.hooks.state(navigator.onLine ? this.#reconnectingState() : "offline");
    if ((await this.hooks.closed(code)) === false) {
      this.#stopped = true;
      this.hooks.state("off");
    }
    if (!this.#stopped && !this.#socket) this.#reconnectLater(code);
  }

  #reconnectingState() {
    return this.#serverRestarts && this.#tries < RESTART_TRIES ? "restarting" : "reconnecting";
  }

  /** Pauses double, and a part of each is random. */
  #reconnectLater(code) {
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#tries++);
    const least =
      code === TOO_MANY || !navigator.onLine ? LONGEST_PAUSE : code === RESTARTING ? Math.random() * RESTART_SPREAD : 0;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), Math.max(least, pause * (0.5 + Math.random() / 2)));
  }

  #drop() {
    if (this.#socket && !this.#stopped) this.#lost(this.#socket, 0);
  }

  #discardSocket() {
    const socket = this.#socket;
    this.#socket = null;
    clearTimeout(this.#timer);
    socket?.close();
  }

  /** No event tells a page that the machine slept; the clock does. Timers of hidden pages are late for other reasons. */
  #tick() {
    const slept = Date.now() - this.#lastTick > 2 * PING_INTERVAL;
    this.#lastTick = Date.now();
    if (slept && !document.hidden) this.#check();
    else this.#ping();
  }

  #ping() {
    const socket = this.#socket;
    const sent = Date.now();
    if (socket?.readyState !== WebSocket.OPEN || !this.hooks.ping || sent - this.#lastPing < MIN_PING_INTERVAL) return;
    this.#lastPing = sent;
    this.hooks.ping((message) => this.send(message));
    setTimeout(() => socket === this.#socket && this.#lastReceived < sent && this.#lost(socket, 0), PING_TIMEOUT);
  }
}

const STATES = {
  live: "Live",
  connecting: "Connecting …",
  reconnecting: "Reconnecting …",
  restarting: "The server is restarting …",
  offline: "Offline: will catch up",
  off: "Not connected",
};

/** Show a state; the same state again is not announced to screen readers. */
export function showState(element, state) {
  if (element.dataset.state === state) return;
  element.dataset.state = state;
  element.textContent = STATES[state];
}
