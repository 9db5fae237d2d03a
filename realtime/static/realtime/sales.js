// Bookings and cancellations, which may arrive in any order, and today's figures.

import { cents, startOfDay } from "./format.js";

export class Sales {
  #bookings = new Map();
  #cancelledEvents = new Set();

  /** Add a notification; return the booking as it is now. */
  add({ type, seq, createdAt, data }) {
    const booking = this.#bookings.get(data.bookingId) ?? {
      id: data.bookingId,
      eventId: data.eventId,
      title: data.eventTitle,
      customer: data.customerName,
      qty: data.qty,
      cents: cents(data.amount),
      seq,
      bookedAt: null,
      cancelledAt: null,
      reason: "",
    };
    if (type === "booking.created") Object.assign(booking, { bookedAt: createdAt, seq });
    else Object.assign(booking, { cancelledAt: createdAt, reason: data.reason });
    this.#bookings.set(booking.id, booking);
    return booking;
  }

  /** The bookings of a cancelled event end with it, without a notification for each. */
  cancelEvent(eventId) {
    this.#cancelledEvents.add(eventId);
  }

  isCancelled(booking) {
    return booking.cancelledAt !== null || this.#cancelledEvents.has(booking.eventId);
  }

  /** Figures of the day around `now`, in this machine's time zone; `hours` holds tickets by hour. */
  today(now = new Date()) {
    const start = startOfDay(now).getTime();
    const sums = { tickets: 0, cents: 0, bookings: 0, cancelled: 0, hours: new Array(24).fill(0) };
    for (const booking of this.#bookings.values()) {
      if (booking.cancelledAt && Date.parse(booking.cancelledAt) >= start) sums.cancelled += 1;
      const at = booking.bookedAt ? Date.parse(booking.bookedAt) : 0;
      if (at < start || this.isCancelled(booking)) continue;
      sums.tickets += booking.qty;
      sums.cents += booking.cents;
      sums.bookings += 1;
      sums.hours[new Date(at).getHours()] += booking.qty;
    }
    return sums;
  }

  /** Forget bookings from before yesterday, so that a page that stays open for weeks needs little memory. */
  forgetOld(now = new Date()) {
    const limit = startOfDay(now).getTime() - 86_400_000;
    for (const [id, booking] of this.#bookings) {
      if (Date.parse(booking.cancelledAt ?? booking.bookedAt) < limit) this.#bookings.delete(id);
    }
  }
}
