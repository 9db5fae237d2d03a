// Booking seats on an event's page, and joining its waitlist.

import { byId, show } from "./dom.js";
import { cents, count, money, randomId, reasonOf } from "./format.js";
import { Waitlist } from "./waitlist.js";

const TRIES = 3;
const UNCLEAR = "It is not clear whether this went through. Press Book again: it will not be booked twice.";

export class BookingForm {
  #form = byId("book");
  #key = null; // of a booking whose outcome is not known yet
  #busy = false;

  constructor(session, { eventId, price }) {
    Object.assign(this, { session, eventId, price, waitlist: new Waitlist(session, eventId) });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#run(() => this.#book());
    });
    this.#form.qty.addEventListener("input", () => this.#showTotal());
    byId("join-waitlist").addEventListener("click", () => this.#run(() => this.#joinWaitlist()));
    byId("accept").addEventListener("click", () => this.#run(() => this.#acceptOffer()));
    byId("leave").addEventListener("click", () => this.#run(() => this.waitlist.leave()));
    this.#showTotal();
  }

  open() {
    show(this.#form, true);
    this.#form.qty.focus();
    this.waitlist.load();
  }

  close() {
    show(this.#form, false);
    this.waitlist.close();
    this.#finishAttempt();
    this.#showMessage("");
    show(byId("join-waitlist"), false);
  }

  /** Offer the waitlist while too few seats are available. */
  setAvailable(available) {
    if (available < 1 && !this.waitlist.isOpen) show(byId("join-waitlist"), true);
    else if (available >= this.qty && !byId("join-waitlist").hidden) this.#seatsAreBack();
  }

  #seatsAreBack() {
    show(byId("join-waitlist"), false);
    if (byId("message").classList.contains("bad")) this.#showMessage("There are seats again: press Book.");
  }

  get qty() {
    return Number(this.#form.qty.value);
  }

  #showTotal() {
    byId("total").textContent = this.#isValid() ? (this.price ? money(this.price * this.qty) : "free") : "–";
  }

  #isValid() {
    return this.#form.qty.checkValidity() && Number.isInteger(this.qty);
  }

  /** Run one action at a time: a second press meanwhile is ignored. */
  async #run(action) {
    if (this.#busy) return;
    if (!this.#isValid()) return this.#showMessage(`Choose 1 to ${this.#form.qty.max} seats.`, "bad");
    this.#busy = true;
    this.#form.setAttribute("aria-busy", "true");
    try {
      await action();
    } catch (problem) {
      this.#showMessage(reasonOf(problem), "bad");
    } finally {
      this.#busy = false;
      this.#form.removeAttribute("aria-busy");
    }
  }

  async #book() {
    if (!this.#key && (await this.#hasPriceChanged())) return;
    this.#key ??= randomId();
    this.#form.qty.readOnly = true; // the key stands for this number of seats, which may be booked already
    this.#showMessage("Booking …");
    try {
      const booking = await this.#send();
      this.#finishAttempt();
      this.#showBooking(booking);
    } catch (problem) {
      if (isUnclear(problem)) return this.#showMessage(UNCLEAR, "bad");
      this.#finishAttempt();
      this.#showRefusal(problem);
    }
  }

  /** Nobody pays a price that they have not seen. */
  async #hasPriceChanged() {
    const { price } = await this.session.call(`/events/${this.eventId}`);
    if (cents(price) === this.price) return false;
    this.price = cents(price);
    byId("price").textContent = this.price ? money(this.price) : "Free";
    this.#showTotal();
    this.#showMessage(`The price has changed: ${byId("total").textContent} in total. Press Book again to book.`, "bad");
    return true;
  }

  #showBooking({ id, qty, amount }) {
    show(byId("join-waitlist"), false);
    this.#showMessage(`Booked: ${count(qty, "seat")} for ${money(cents(amount))}. Your booking number is ${id}.`, "good");
  }

  async #send() {
    for (let tries = 1; ; tries += 1) {
      try {
        const body = { eventId: this.eventId, qty: this.qty };
        return await this.session.call("/bookings", { method: "POST", body, headers: { "Idempotency-Key": this.#key } });
      } catch (problem) {
        if (!isUnclear(problem) || tries === TRIES) throw problem;
        await new Promise((resolve) => setTimeout(resolve, 1000 * tries));
      }
    }
  }

  #showRefusal(problem) {
    const soldOut = problem.code === "sold_out";
    show(byId("join-waitlist"), soldOut && !this.waitlist.isOpen);
    if (!soldOut) return this.#showMessage(reasonOf(problem), "bad");
    const fewer = problem.availableSeats > 0 ? "Book fewer, or join" : "Join";
    this.#showMessage(
      `${problem.detail} ${fewer} the waitlist for ${count(this.qty, "seat")}: seats that become free are offered there first.`,
      "bad",
    );
  }

  async #joinWaitlist() {
    await this.waitlist.join(this.qty);
    show(byId("join-waitlist"), false);
    this.#showMessage("");
    byId("waitlist").focus(); // the button that had the focus is hidden now
  }

  async #acceptOffer() {
    this.#showBooking(await this.waitlist.accept());
    byId("message").focus();
  }

  #finishAttempt() {
    this.#key = null;
    this.#form.qty.readOnly = false;
  }

  #showMessage(text, kind = "") {
    const message = byId("message");
    message.className = `notice ${kind}`;
    message.textContent = text;
    show(message, text !== "");
  }
}

/** Tell whether the booking may have been made although the call failed. */
function isUnclear(problem) {
  return problem.code === "offline" || problem.status >= 500;
}
