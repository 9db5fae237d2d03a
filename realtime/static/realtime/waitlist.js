// A customer's waitlist entry for an event: joining, its position, accepting or declining an offer.

import { byId, show } from "./dom.js";
import { count, momentOf } from "./format.js";

const POLL = 10_000; // an offer takes its seats off sale before they show, so live seats do not announce it

export class Waitlist {
  #timer = 0;
  #entry = null;

  constructor(session, eventId) {
    Object.assign(this, { session, eventId });
    document.addEventListener("visibilitychange", () => !document.hidden && this.isOpen && this.load());
  }

  async join(qty) {
    this.#show(await this.session.call("/waitlist", { method: "POST", body: { eventId: this.eventId, qty } }));
  }

  /** Accept the offer; return the booking. */
  async accept() {
    try {
      const booking = await this.session.call(`/waitlist/${this.eventId}/accept`, { method: "POST" });
      this.close();
      return booking;
    } finally {
      if (this.#entry) await this.load();
    }
  }

  async leave() {
    await this.session.call(`/waitlist/${this.eventId}`, { method: "DELETE" });
    this.close();
  }

  /** Read the entry and show it; hide it if there is none. */
  async load() {
    clearTimeout(this.#timer);
    try {
      this.#show(await this.session.call(`/waitlist/position/${this.eventId}`));
    } catch (problem) {
      if (problem.status === 404) this.close();
      else if (this.isOpen) this.#loadLater();
    }
  }

  close() {
    this.#entry = null;
    clearTimeout(this.#timer);
    show(byId("waitlist"), false);
  }

  get isOpen() {
    return this.#entry !== null;
  }

  #show(entry) {
    const offered = entry.status === "OFFERED";
    if (!offered && entry.status !== "WAITING") return this.close();
    this.#entry = entry;
    const text = offered
      ? `${count(entry.qty, "seat")} ${entry.qty === 1 ? "is" : "are"} held for you until ${momentOf(entry.offerExpiresAt)}.`
      : `You are number ${entry.position} on the waitlist for ${count(entry.qty, "seat")}. This page and an e-mail will tell you when they are free.`;
    if (byId("waitlist-text").textContent !== text) byId("waitlist-text").textContent = text;
    byId("leave").textContent = offered ? "Decline" : "Leave the waitlist";
    show(byId("accept"), offered);
    show(byId("waitlist"), true);
    this.#loadLater();
  }

  #loadLater() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.load(), POLL);
  }
}
