// Alerts of new bookings: a sound if it is on, and a number in the title of a hidden tab.

import { byId } from "./dom.js";

const PAUSE = 400; // milliseconds between sounds, so that many bookings at once make one

export class Alerts {
  #title = document.title;
  #unseen = 0;
  #audio = null;
  #lastSound = 0;

  constructor() {
    document.addEventListener("visibilitychange", () => document.hidden || this.#showUnseen(0));
    byId("sound").addEventListener("click", () => this.#toggleSound());
  }

  booking() {
    if (document.hidden) this.#showUnseen(this.#unseen + 1);
    if (this.#audio && Date.now() - this.#lastSound > PAUSE) this.#beep();
  }

  #showUnseen(unseen) {
    this.#unseen = unseen;
    document.title = unseen ? `(${unseen}) ${this.#title}` : this.#title;
  }

  /** Browsers let a page play sounds only after a click, so the audio context is made here. */
  #toggleSound() {
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
