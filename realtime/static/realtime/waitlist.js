// A customer's place in line: joining, where one stands, taking or declining the seats that are offered.

import { byId, show } from "./dom.js";
import { count, momentOf } from "./words.js";

const LOOK = 10_000; // an offer holds its seats before it is made, so the seats on the page do not tell of it

export class Waitlist {
  #timer = 0;
  #place = null;

  constructor(session, eventId) {
    Object.assign(this, { session, eventId });
    document.addEventListener("visibilitychange", () => !document.hidden && this.isOpen && this.look());
  }

  async join(qty) {
    this.#show(await this.session.call("/waitlist", { method: "POST", body: { eventId: this.eventId, qty } }));
  }

  /** Take the seats; return the booking. */
  async accept() {
    try {
      const booking = await this.session.call(`/waitlist/${this.eventId}/accept`, { method: "POST" });
      this.close();
      return booking;
    } finally {
      if (this.#place) await this.look();
    }
  }

  async leave() {
    await this.session.call(`/waitlist/${this.eventId}`, { method: "DELETE" });
    this.close();
  }

  /** Find out where one stands. */
  async look() {
    clearTimeout(this.#timer);
    try {
      this.#show(await this.session.call(`/waitlist/position/${this.eventId}`));
    } catch (problem) {
      if (problem.status === 404) this.close();
      else if (this.isOpen) this.#lookAgain();
    }
  }

  close() {
    this.#place = null;
    clearTimeout(this.#timer);
    show(byId("place"), false);
  }

  get isOpen() {
    return this.#place !== null;
  }

  #show(place) {
    const offered = place.status === "OFFERED";
    if (!offered && place.status !== "WAITING") return this.close();
    this.#place = place;
    const words = offered
      ? `${count(place.qty, "seat")} ${place.qty === 1 ? "is" : "are"} held for you until ${momentOf(place.offerExpiresAt)}.`
      : `You are number ${place.position} in line for ${count(place.qty, "seat")}. You are told here, and by mail, when they are free.`;
    if (byId("place-text").textContent !== words) byId("place-text").textContent = words;
    byId("leave").textContent = offered ? "Decline" : "Leave the line";
    show(byId("accept"), offered);
    show(byId("place"), true);
    this.#lookAgain();
  }

  #lookAgain() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.look(), LOOK);
  }
}
