// Bookings as they come, the newest first.

import { byId, el, show } from "./dom.js";
import { count, momentOf, money } from "./words.js";

const LONGEST = 200;
const WHY = { customer: "by the customer", staff: "by staff", event_cancelled: "with the event" };

export class BookingList {
  #rows = new Map();
  #list = byId("bookings");

  /** Show a booking in its place, or as it is now where it stands already. */
  show(booking, { cancelled, fresh }) {
    this.#rows.get(booking.id)?.remove();
    const row = line(booking, cancelled);
    row.classList.toggle("fresh", fresh);
    this.#rows.set(booking.id, row);
    this.#insert(row);
    while (this.#list.children.length > LONGEST) this.#drop(this.#list.lastElementChild);
    show(byId("no-bookings"), false);
  }

  /** Mark what is shown of an event that was cancelled. */
  cancelEvent(eventId) {
    for (const row of this.#list.children) {
      if (row.dataset.event === eventId && !row.classList.contains("cancelled")) mark(row, "with the event");
    }
  }

  /** Most are the newest, and those that are read back the oldest: both ends are near. */
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

function line(booking, cancelled) {
  const row = el(
    "li",
    { "data-booking": booking.id, "data-event": booking.eventId, "data-seq": booking.seq },
    el("time", { datetime: booking.bookedAt ?? booking.cancelledAt }, momentOf(booking.bookedAt ?? booking.cancelledAt)),
    el("span", { class: "person" }, el("bdi", {}, booking.customer)),
    el("span", { class: "what" }, `${count(booking.qty, "seat")} · `, el("bdi", {}, booking.title)),
    el("span", { class: "amount" }, money(booking.cents)),
  );
  if (cancelled) mark(row, WHY[booking.reason] ?? WHY.event_cancelled);
  return row;
}

function mark(row, why) {
  row.classList.add("cancelled");
  row.append(el("span", { class: "tag" }, `Cancelled ${why}`));
}
