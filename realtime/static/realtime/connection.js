// A WebSocket that comes back: after a break, after a sleep, as soon as the network does.

import { meta } from "./dom.js";

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
const SILENCE = 10_000; // so long an answer may take before the line counts as dead
const OPENING = 15_000;
const BEAT = 25_000;
const SHORT = 2_000; // not asked more often: the server hears so many messages in ten seconds
const OLD = 30_000; // a connection that cannot be asked whether it is alive is replaced when it is older
const TOO_MANY = 4429;
const RESTARTS = 1012;
const SPREAD = 4_000; // a restarted server is not met by everyone at once
const PATIENT_TRIES = 6; // about a minute; then it is more than a restart

export function socketUrl(path) {
  const origin = meta("realtime-url") || location.origin.replace(/^http/, "ws");
  return `${origin}${path}`;
}

/**
 * Hooks: `opened(send)` may be async and says hello; `heard(message)`; `closed(code)` may be async and returns false
 * to stop for good; `state(name)` is told "live", "connecting", "reconnecting", "restarting", "offline", "off";
 * `beat(send)` says something that is answered; left out where a page may not speak.
 */
export class Connection {
  #socket = null;
  #timer = 0;
  #tries = 0;
  #lastHeard = 0;
  #openedAt = 0;
  #lastBeat = 0;
  #stopped = true;
  #wasLive = false;
  #restarts = false;
  #ticked = Date.now();

  constructor(url, hooks) {
    this.url = url;
    this.hooks = hooks;
    addEventListener("online", () => this.wake());
    addEventListener("offline", () => this.#drop());
    addEventListener("pageshow", () => this.wake());
    document.addEventListener("visibilitychange", () => document.hidden || this.wake());
    setInterval(() => this.#tick(), BEAT);
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
    this.#leave();
  }

  /** To be called when the other side has said that it is ready. */
  live() {
    this.#tries = 0;
    this.#wasLive = true;
    this.#restarts = false;
    this.hooks.state("live");
  }

  send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** Something may have changed: connect at once, or find out whether the line is still there. */
  wake() {
    if (this.#stopped) return;
    if (this.#socket && (this.hooks.beat || Date.now() - this.#openedAt < OLD)) return this.#beat();
    this.#leave();
    this.#tries = 0;
    this.#open();
  }

  #open() {
    clearTimeout(this.#timer);
    this.hooks.state(this.#wasLive ? this.#away() : "connecting");
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    this.#openedAt = Date.now();
    this.#timer = setTimeout(() => this.#lost(socket, 0), OPENING);
    socket.onopen = () => this.#opened(socket);
    socket.onmessage = ({ data }) => {
      if (socket !== this.#socket) return; // one that was given up may still have something to say
      this.#lastHeard = Date.now();
      this.hooks.heard(JSON.parse(data));
    };
    socket.onclose = ({ code }) => this.#lost(socket, code);
  }

  async #opened(socket) {
    clearTimeout(this.#timer);
    this.#lastHeard = Date.now();
    try {
      await this.hooks.opened((message) => socket === this.#socket && this.send(message));
    } catch {
      this.#lost(socket, 0);
    }
  }

  async #lost(socket, code) {
    if (socket !== this.#socket) return;
    this.#leave();
    if (code === RESTARTS) this.#restarts = true;
    this.hooks.state(navigator.onLine ? this.#away() : "offline");
    if ((await this.hooks.closed(code)) === false) {
      this.#stopped = true;
      this.hooks.state("off");
    }
    if (!this.#stopped && !this.#socket) this.#wait(code);
  }

  #away() {
    return this.#restarts && this.#tries < PATIENT_TRIES ? "restarting" : "reconnecting";
  }

  /** Pauses double and are spread. */
  #wait(code) {
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#tries++);
    const least = code === TOO_MANY || !navigator.onLine ? LONGEST_PAUSE : code === RESTARTS ? Math.random() * SPREAD : 0;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), Math.max(least, pause * (0.5 + Math.random() / 2)));
  }

  #drop() {
    if (this.#socket && !this.#stopped) this.#lost(this.#socket, 0);
  }

  #leave() {
    const socket = this.#socket;
    this.#socket = null;
    clearTimeout(this.#timer);
    socket?.close();
  }

  /** A machine that slept wakes without a word to its pages: the clock tells. Hidden pages are slow for other reasons. */
  #tick() {
    const slept = Date.now() - this.#ticked > 2 * BEAT;
    this.#ticked = Date.now();
    if (slept && !document.hidden) this.wake();
    else this.#beat();
  }

  #beat() {
    const socket = this.#socket;
    const asked = Date.now();
    if (socket?.readyState !== WebSocket.OPEN || !this.hooks.beat || asked - this.#lastBeat < SHORT) return;
    this.#lastBeat = asked;
    this.hooks.beat((message) => this.send(message));
    setTimeout(() => socket === this.#socket && this.#lastHeard < asked && this.#lost(socket, 0), SILENCE);
  }
}

const WORDS = {
  live: "Live",
  connecting: "Connecting …",
  reconnecting: "Reconnecting …",
  restarting: "The server restarts …",
  offline: "Offline: will catch up",
  off: "Not connected",
};

/** Show a state in its place; repeated ones are not announced again. */
export function showState(place, state) {
  if (place.dataset.state === state) return;
  place.dataset.state = state;
  place.textContent = WORDS[state];
}
