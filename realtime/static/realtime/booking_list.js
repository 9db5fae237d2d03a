// The list of bookings, the newest first.

import { byId, el, show } from "./dom.js";
import { count, momentOf, money } from "./format.js";

const LONGEST = 200;
const REASONS = { customer: "by the customer", staff: "by staff", event_cancelled: "with the event" };

export class BookingList {
  #rows = new Map();
  #list = byId("bookings");

  /** Insert a booking, or update its row. */
  show(booking, { cancelled, fresh }) {
    this.#rows.get(booking.id)?.remove();
    const row = rowOf(booking, cancelled);
    row.classList.toggle("fresh", fresh);
    this.#rows.set(booking.id, row);
    this.#insert(row);
    while (this.#list.children.length > LONGEST) this.#drop(this.#list.lastElementChild);
    show(byId("no-bookings"), false);
  }

  /** Mark the bookings of an event that was cancelled. */
  cancelEvent(eventId) {
    for (const row of this.#list.children) {
      if (row.dataset.event === eventId && !row.classList.contains("cancelled")) markCancelled(row, REASONS.event_cancelled);
    }
  }

  /** A live booking is the newest, one that is read later the oldest: the search from either end is short. */
  #insert(row) {
    const seq = Number(row.dataset.seq);
    if (seq > Number(this.#list.firstElementChild?.dataset.seq ?? 0)) return this.#list.prepend(row);
    let before = this.#list.lastElementChild;
    while (Number(before.dataset.seq) < seq) before = before.previousElementSibling;
    before.after(row);
  }

  #drop(row) {
    row.remove();
    this.#rows.delete(row.dataset.booking);
  }
}

function rowOf(booking, cancelled) {
  const row = el(
    "li",
    { "data-booking": booking.id, "data-event": booking.eventId, "data-seq": booking.seq },
    el("time", { datetime: booking.bookedAt ?? booking.cancelledAt }, momentOf(booking.bookedAt ?? booking.cancelledAt)),
    el("span", { class: "person" }, el("bdi", {}, booking.customer)),
    el("span", { class: "booked" }, `${count(booking.qty, "seat")} · `, el("bdi", {}, booking.title)),
    el("span", { class: "amount" }, money(booking.cents)),
  );
  if (cancelled) markCancelled(row, REASONS[booking.reason] ?? REASONS.event_cancelled);
  return row;
}

function markCancelled(row, reason) {
  row.classList.add("cancelled");
  row.append(el("span", { class: "tag" }, `Cancelled ${reason}`));
}
