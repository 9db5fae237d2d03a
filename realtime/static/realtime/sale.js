// Booking seats, and standing in line for them.

import { byId, show } from "./dom.js";
import { Waitlist } from "./waitlist.js";
import { cents, count, money, randomId, reasonOf } from "./words.js";

const TRIES = 3;
const UNCLEAR = "It is not clear whether this went through. Press Book again: it will not be booked twice.";

export class Sale {
  #form = byId("book");
  #key = null; // of an attempt whose outcome is not known yet
  #busy = false;

  constructor(session, { eventId, price }) {
    Object.assign(this, { session, eventId, price, line: new Waitlist(session, eventId) });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#alone(() => this.#book());
    });
    this.#form.qty.addEventListener("input", () => this.#total());
    byId("wait").addEventListener("click", () => this.#alone(() => this.#wait()));
    byId("accept").addEventListener("click", () => this.#alone(() => this.#accept()));
    byId("leave").addEventListener("click", () => this.#alone(() => this.line.leave()));
    this.#total();
  }

  open() {
    show(this.#form, true);
    this.#form.qty.focus();
    this.line.look();
  }

  close() {
    show(this.#form, false);
    this.line.close();
    this.#settle();
    this.#say("");
    show(byId("wait"), false);
  }

  /** So many seats are left now. */
  seats(available) {
    if (available < 1 && !this.line.isOpen) show(byId("wait"), true);
    else if (available >= this.qty && !byId("wait").hidden) this.#seatsAreBack();
  }

  #seatsAreBack() {
    show(byId("wait"), false);
    if (byId("answer").classList.contains("bad")) this.#say("There are seats again: press Book.");
  }

  get qty() {
    return Number(this.#form.qty.value);
  }

  #total() {
    byId("total").textContent = this.#isValid() ? (this.price ? money(this.price * this.qty) : "nothing: it is free") : "–";
  }

  #isValid() {
    return this.#form.qty.checkValidity() && Number.isInteger(this.qty);
  }

  /** One at a time: a second press while the first is on its way is none. */
  async #alone(work) {
    if (this.#busy) return;
    if (!this.#isValid()) return this.#say(`Choose 1 to ${this.#form.qty.max} seats.`, "bad");
    this.#busy = true;
    this.#form.setAttribute("aria-busy", "true");
    try {
      await work();
    } catch (problem) {
      this.#say(reasonOf(problem), "bad");
    } finally {
      this.#busy = false;
      this.#form.removeAttribute("aria-busy");
    }
  }

  async #book() {
    if (!this.#key && (await this.#hasAnotherPrice())) return;
    this.#key ??= randomId();
    this.#form.qty.readOnly = true; // another number would be another attempt, and this one may have gone through
    this.#say("Booking …");
    try {
      const booking = await this.#send();
      this.#settle();
      this.#booked(booking);
    } catch (problem) {
      if (isUnclear(problem)) return this.#say(UNCLEAR, "bad");
      this.#settle();
      this.#refused(problem);
    }
  }

  /** Nobody pays another price than the one they saw. */
  async #hasAnotherPrice() {
    const { price } = await this.session.call(`/events/${this.eventId}`);
    if (cents(price) === this.price) return false;
    this.price = cents(price);
    byId("price").textContent = this.price ? money(this.price) : "Free";
    this.#total();
    this.#say(`The price has changed: ${byId("total").textContent} together. Press Book again to take the seats.`, "bad");
    return true;
  }

  #booked({ id, qty, amount }) {
    show(byId("wait"), false);
    this.#say(`Booked: ${count(qty, "seat")} for ${money(cents(amount))}. Your booking number is ${id}.`, "good");
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

  #refused(problem) {
    const soldOut = problem.code === "sold_out";
    show(byId("wait"), soldOut && !this.line.isOpen);
    if (!soldOut) return this.#say(reasonOf(problem), "bad");
    const fewer = problem.availableSeats > 0 ? "Book fewer, or join" : "Join";
    this.#say(`${problem.detail} ${fewer} the waitlist for ${count(this.qty, "seat")}: who waits is offered seats that come back.`, "bad");
  }

  async #wait() {
    await this.line.join(this.qty);
    show(byId("wait"), false);
    this.#say("");
    byId("place").focus(); // the button that had the focus is gone
  }

  async #accept() {
    this.#booked(await this.line.accept());
    byId("answer").focus();
  }

  #settle() {
    this.#key = null;
    this.#form.qty.readOnly = false;
  }

  #say(text, kind = "") {
    const answer = byId("answer");
    answer.className = `notice ${kind}`;
    answer.textContent = text;
    show(answer, text !== "");
  }
}

/** Whether the booking may have been made although this failed. */
function isUnclear(problem) {
  return problem.code === "offline" || problem.status >= 500;
}
