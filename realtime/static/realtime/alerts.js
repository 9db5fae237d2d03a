// Drawing attention, where wanted: a sound, and a number in the tab's title while nobody looks.

import { byId } from "./dom.js";

const PAUSE = 400; // milliseconds between sounds: a rush is one sound, not a siren

export class Alerts {
  #title = document.title;
  #unseen = 0;
  #audio = null;
  #lastSound = 0;

  constructor() {
    document.addEventListener("visibilitychange", () => document.hidden || this.#badge(0));
    byId("sound").addEventListener("click", () => this.#toggle());
  }

  booking() {
    if (document.hidden) this.#badge(this.#unseen + 1);
    if (this.#audio && Date.now() - this.#lastSound > PAUSE) this.#beep();
  }

  #badge(unseen) {
    this.#unseen = unseen;
    document.title = unseen ? `(${unseen}) ${this.#title}` : this.#title;
  }

  /** Browsers let a page sound only after a click: so the sound begins here. */
  #toggle() {
    this.#audio?.close();
    this.#audio = this.#audio ? null : new AudioContext();
    const on = this.#audio !== null;
    byId("sound").setAttribute("aria-pressed", String(on));
    byId("sound").textContent = on ? "Sound on" : "Sound off";
    if (on) this.#beep();
  }

  #beep() {
    this.#lastSound = Date.now();
    const [tone, volume] = [this.#audio.createOscillator(), this.#audio.createGain()];
    const start = this.#audio.currentTime;
    tone.frequency.setValueAtTime(880, start);
    volume.gain.setValueAtTime(0.15, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.25);
    tone.connect(volume).connect(this.#audio.destination);
    tone.start(start);
    tone.stop(start + 0.25);
  }
}
