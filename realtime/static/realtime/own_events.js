// The organizer's upcoming events, with live seats.

import { byId, el, show } from "./dom.js";
import { cents, localMoment, money } from "./format.js";
import { Gauge, seatsInWords } from "./gauge.js";

// The server's limits: events that a connection watches, and messages that it sends in ten seconds.
const WATCHED = 100;
const BURST = 40;
const PAUSE = 11_000;
const CLOSED = { CANCELLED: "Cancelled", HIDDEN: "Hidden by the platform" };

export class OwnEvents {
  #cards = new Map();
  #queue = []; // calls of watch and unwatch, in their order
  #left = BURST;
  #timer = 0;

  /** `watch(eventId)` requests live seats until `unwatch(eventId)`; `cancelled(eventId)` is called for cancelled events. */
  constructor(session, { watch, unwatch, cancelled }) {
    Object.assign(this, { session, watch, unwatch, cancelled });
  }

  has(eventId) {
    return this.#cards.has(eventId);
  }

  /** Read the list again, and watch new events. */
  async load() {
    const [upcoming, cancelled] = await Promise.all([this.#upcoming(), this.#list("CANCELLED", "sort=-date")]);
    cancelled.results.forEach(({ id }) => this.cancelled(id));
    const added = upcoming.filter(({ id }) => !this.#cards.has(id));
    upcoming.forEach((event, index) => this.#show(event, index));
    for (const [id, card] of this.#cards) if (!card.isClosed && !upcoming.some((one) => one.id === id)) this.#drop(id);
    show(byId("no-events"), this.#cards.size === 0);
    show(byId("more-events"), upcoming.length === WATCHED);
    this.#send(added.map(({ id }) => () => this.watch(id)));
  }

  /** Watch all events again, over a new connection. */
  watchAll() {
    this.#queue = [];
    this.#startWindow();
    this.#send([...this.#cards.keys()].map((id) => () => this.watch(id)));
  }

  /** The next 100. */
  async #upcoming() {
    const { results } = await this.#list("PUBLISHED", `sort=date&dateFrom=${new Date().toISOString()}`);
    return results;
  }

  #list(status, query) {
    return this.session.call(`/events/me?status=${status}&pageSize=${WATCHED}&${query}`);
  }

  /** Send messages as fast as the server allows: it closes a connection that sends more. */
  #send(messages) {
    this.#queue.push(...messages);
    const now = this.#queue.splice(0, this.#left);
    this.#left -= now.length;
    now.forEach((send) => send());
    if (this.#left < BURST) {
      this.#timer ||= setTimeout(() => {
        this.#startWindow();
        this.#send([]);
      }, PAUSE);
    }
  }

  #startWindow() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#left = BURST;
  }

  #show(event, index) {
    const card = this.#cards.get(event.id) ?? this.#add(event);
    card.title.textContent = event.title;
    card.where.replaceChildren(localMoment(event.date, event.timezone), ...[event.venue, event.city].filter(Boolean).flatMap(separated));
    card.revenue.textContent = `${money(cents(event.revenue))} from ${event.ticketsSold.toLocaleString()} sold`;
    if (!card.live) this.#showSeats(card, event);
    const there = byId("events").children[index];
    if (there !== card.element) byId("events").insertBefore(card.element, there ?? null); // moving takes the focus away
  }

  #add(event) {
    const card = {
      gauge: new Gauge(event.title),
      title: el("a", { href: `/e/${event.id}`, dir: "auto" }),
      where: el("p", { class: "quiet" }),
      seats: el("strong", { class: "seats" }),
      revenue: el("span", { class: "quiet" }),
      live: false,
      isClosed: false,
    };
    const sales = el("p", { class: "event-sales" }, card.seats, card.revenue);
    card.element = el("li", { id: event.id }, el("h3", {}, card.title), card.where, card.gauge.element, sales);
    this.#cards.set(event.id, card);
    return card;
  }

  /** Show the live seats of a watched event. */
  seats(message) {
    const card = this.#cards.get(message.eventId);
    if (!card) return;
    card.live = true;
    this.#showSeats(card, message);
    if (message.status === "CANCELLED") this.cancelled(message.eventId);
  }

  #showSeats(card, seats) {
    card.isClosed = seats.status in CLOSED;
    card.element.classList.toggle("closed", card.isClosed);
    card.seats.textContent = CLOSED[seats.status] ?? seatsInWords(seats);
    if (seats.status !== "HIDDEN") card.gauge.show(seats); // the server does not send a hidden event's seats
  }

  #drop(id) {
    this.#cards.get(id).element.remove();
    this.#cards.delete(id);
    this.#send([() => this.unwatch(id)]); // so that another event can be watched
  }
}

/** A name after a separator, whichever direction either is written in. */
const separated = (name) => [" · ", el("bdi", {}, name)];
