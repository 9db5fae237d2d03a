// The seats of an event as a bar and in words.

import { el } from "./dom.js";
import { count } from "./format.js";

export class Gauge {
  #bar = el("span", { class: "gauge-fill" });

  constructor(label) {
    this.element = el("div", { class: "gauge", role: "meter", "aria-label": label, "aria-valuemin": 0 }, this.#bar);
  }

  /** Show how many seats are taken: sold or held. */
  show({ availableSeats, totalSeats }) {
    const taken = totalSeats - availableSeats;
    const share = totalSeats ? taken / totalSeats : 0;
    this.#bar.style.width = `${(share * 100).toFixed(2)}%`;
    this.element.dataset.level = share >= 1 ? "full" : share >= 0.9 ? "high" : "some";
    this.element.setAttribute("aria-valuemax", totalSeats);
    this.element.setAttribute("aria-valuenow", taken);
    this.element.setAttribute("aria-valuetext", `${taken} of ${totalSeats} seats taken`);
  }
}

export function seatsInWords({ availableSeats, totalSeats }) {
  if (availableSeats < 1) return `Sold out (${count(totalSeats, "seat")})`;
  return `${availableSeats.toLocaleString()} of ${totalSeats.toLocaleString()} left`;
}
