// The organizer's events that lie ahead, with their seats as they are.

import { byId, el, show } from "./dom.js";
import { Gauge, seatsInWords } from "./gauge.js";
import { cents, localMoment, money } from "./words.js";

const WATCHED = 100; // by one connection; limits of the server, as the pace is
const AT_ONCE = 40;
const PAUSE = 11_000;
const CLOSED = { CANCELLED: "Cancelled", HIDDEN: "Hidden by the house" };

export class OwnEvents {
  #cards = new Map();
  #queue = []; // what is to be said to the server, in this order
  #left = AT_ONCE;
  #timer = 0;

  /** `watch(eventId)` asks for seats until `unwatch(eventId)`; `ended(eventId)` is told of cancelled events. */
  constructor(session, { watch, unwatch, ended }) {
    Object.assign(this, { session, watch, unwatch, ended });
  }

  has(eventId) {
    return this.#cards.has(eventId);
  }

  /** Read the list anew; new events are watched. */
  async load() {
    const [ahead, cancelled] = await Promise.all([this.#ahead(), this.#list("CANCELLED", "sort=-date")]);
    cancelled.results.forEach(({ id }) => this.ended(id));
    const fresh = ahead.filter(({ id }) => !this.#cards.has(id));
    ahead.forEach((event, index) => this.#show(event, index));
    for (const [id, card] of this.#cards) if (!card.isClosed && !ahead.some((one) => one.id === id)) this.#drop(id);
    show(byId("no-events"), this.#cards.size === 0);
    show(byId("more-events"), ahead.length === WATCHED);
    this.#ask(fresh.map(({ id }) => () => this.watch(id)));
  }

  /** A new connection watches nothing yet. */
  watchAll() {
    this.#queue = [];
    this.#refill();
    this.#ask([...this.#cards.keys()].map((id) => () => this.watch(id)));
  }

  /** The nearest ones. */
  async #ahead() {
    const { results } = await this.#list("PUBLISHED", `sort=date&dateFrom=${new Date().toISOString()}`);
    return results;
  }

  #list(status, query) {
    return this.session.call(`/events/me?status=${status}&pageSize=${WATCHED}&${query}`);
  }

  /** The server hears so many messages in ten seconds and ends a connection that says more. */
  #ask(messages) {
    this.#queue.push(...messages);
    const now = this.#queue.splice(0, this.#left);
    this.#left -= now.length;
    now.forEach((say) => say());
    if (this.#left < AT_ONCE) this.#timer ||= setTimeout(() => this.#ask(this.#refill()), PAUSE);
  }

  #refill() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#left = AT_ONCE;
    return [];
  }

  #show(event, index) {
    const card = this.#cards.get(event.id) ?? this.#add(event);
    card.title.textContent = event.title;
    card.where.replaceChildren(localMoment(event.date, event.timezone), ...[event.venue, event.city].filter(Boolean).flatMap(after));
    card.money.textContent = `${money(cents(event.revenue))} from ${event.ticketsSold.toLocaleString()} sold`;
    if (!card.live) this.#seats(card, event);
    const there = byId("events").children[index];
    if (there !== card.element) byId("events").insertBefore(card.element, there ?? null); // moving takes the focus away
  }

  #add(event) {
    const card = {
      gauge: new Gauge(event.title),
      title: el("a", { href: `/e/${event.id}`, dir: "auto" }),
      where: el("p", { class: "quiet" }),
      seats: el("strong", { class: "seats" }),
      money: el("span", { class: "quiet" }),
      live: false,
      isClosed: false,
    };
    const line = el("p", { class: "line" }, card.seats, card.money);
    card.element = el("li", { id: event.id }, el("h3", {}, card.title), card.where, card.gauge.element, line);
    this.#cards.set(event.id, card);
    return card;
  }

  /** Seats of a watched event, as they are now. */
  seats(message) {
    const card = this.#cards.get(message.eventId);
    if (!card) return;
    card.live = true;
    this.#seats(card, message);
    if (message.status === "CANCELLED") this.ended(message.eventId);
  }

  #seats(card, seats) {
    card.isClosed = seats.status in CLOSED;
    card.element.classList.toggle("closed", card.isClosed);
    card.seats.textContent = CLOSED[seats.status] ?? seatsInWords(seats);
    if (seats.status !== "HIDDEN") card.gauge.show(seats); // nobody is told of the seats of a hidden one
  }

  #drop(id) {
    this.#cards.get(id).element.remove();
    this.#cards.delete(id);
    this.#ask([() => this.unwatch(id)]); // its place is another's
  }
}

/** A name after what stands before it, whichever way each is written. */
const after = (name) => [" · ", el("bdi", {}, name)];
