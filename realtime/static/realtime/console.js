// The organizer's console: puts its parts together.

import { Alerts } from "./alerts.js";
import { BookingList } from "./booking_list.js";
import { dayBars, drawBars, hourBars } from "./chart.js";
import { showState } from "./connection.js";
import { byId, show } from "./dom.js";
import { Feed } from "./feed.js";
import { count, momentOf, money } from "./format.js";
import { ELSEWHERE, loginForm } from "./login.js";
import { OwnEvents } from "./own_events.js";
import { Sales } from "./sales.js";
import { Session } from "./session.js";

const ENDED = "boxoffice.ended";
// milliseconds
const SOON = 250;
const REFRESH = 60_000;
const ROLLUP_DELAY = 8_000; // figures by day include a booking some seconds after it was made
const ANNOUNCE_DELAY = 5_000;

const DAYS = 14;

const session = new Session(() => {
  sessionStorage.setItem(ENDED, "yes");
  location.reload(); // no figures stay on the screen
});

const login = loginForm(session, {
  role: "ORGANIZER",
  otherRole: (user) =>
    user.role === "CUSTOMER"
      ? "This console is for organizers, and your account is a customer's. Your bookings are not affected."
      : "This console is for organizers. Staff manage all events in the admin.",
  onUser: open,
});

function open(user) {
  login.close();
  show(byId("dashboard"), true);
  show(byId("tools"), true);
  byId("user").textContent = user.name;
  byId("main").focus({ preventScroll: true });
  scrollTo(0, 0);
  new Dashboard().start();
}

class Dashboard {
  #sales = new Sales();
  #list = new BookingList();
  #alerts = new Alerts();
  #timers = new Map();
  #unannounced = { bookings: 0, tickets: 0, cancelled: 0 };

  constructor() {
    this.events = new OwnEvents(session, {
      watch: (eventId) => this.feed.watch(eventId),
      unwatch: (eventId) => this.feed.unwatch(eventId),
      cancelled: (eventId) => this.#cancelEvent(eventId),
    });
    this.feed = new Feed(session, {
      notify: (notification, options) => this.#notify(notification, options),
      seats: (message) => this.events.seats(message),
      ready: () => this.#ready(),
      state: (state) => showState(byId("connection"), state),
      partial: (moment) => this.#showPartial(moment),
    });
  }

  start() {
    this.feed.start();
    this.#showFigures();
    this.#later("days", 0, () => this.#showDays());
    setInterval(() => this.#refresh(), REFRESH);
    byId("logout").addEventListener("click", () => {
      this.feed.stop();
      session.logOut().finally(() => location.reload());
    });
  }

  #ready() {
    this.events.watchAll();
    this.#later("events", 0, () => this.events.load());
    this.#later("days", 0, () => this.#showDays());
  }

  #refresh() {
    this.#sales.forgetOld();
    this.#showFigures(); // a new day may have begun without a notification
    this.#later("events", 0, () => this.events.load());
    this.#later("days", 0, () => this.#showDays());
  }

  #notify(notification, { fresh }) {
    if (!notification.type.startsWith("booking.")) return;
    const booking = this.#sales.add(notification);
    this.#list.show(booking, { cancelled: this.#sales.isCancelled(booking), fresh });
    this.#later("figures", SOON, () => this.#showFigures());
    if (fresh) this.#react(notification, booking);
  }

  #react({ type }, booking) {
    if (type === "booking.created") {
      this.#alerts.booking();
      this.#unannounced.bookings += 1;
      this.#unannounced.tickets += booking.qty;
    } else this.#unannounced.cancelled += 1;
    this.#later("announcement", ANNOUNCE_DELAY, () => this.#announce());
    this.#later("days", ROLLUP_DELAY, () => this.#showDays());
    this.#later("events", ROLLUP_DELAY, () => this.events.load());
    if (!this.events.has(booking.eventId)) this.#later("unknown", SOON, () => this.events.load());
  }

  /** Screen readers get one announcement of all bookings in a few seconds. */
  #announce() {
    const { bookings, tickets, cancelled } = this.#unannounced;
    const parts = [];
    if (bookings) parts.push(`${count(bookings, "new booking")} with ${count(tickets, "ticket")}`);
    if (cancelled) parts.push(`${count(cancelled, "booking")} cancelled`);
    byId("announcement").textContent = `${parts.join(", ")}.`;
    this.#unannounced = { bookings: 0, tickets: 0, cancelled: 0 };
  }

  #cancelEvent(eventId) {
    this.#sales.cancelEvent(eventId);
    this.#list.cancelEvent(eventId);
    this.#later("figures", SOON, () => this.#showFigures());
  }

  #showFigures() {
    const today = this.#sales.today();
    byId("sold").textContent = today.tickets.toLocaleString();
    byId("revenue").textContent = money(today.cents);
    byId("bookings-count").textContent = today.bookings.toLocaleString();
    byId("cancelled-count").textContent = today.cancelled.toLocaleString();
    drawBars(byId("hours"), "Tickets sold today by hour", hourBars(today.hours), "tickets");
  }

  async #showDays() {
    const from = new Date(Date.now() - (DAYS - 1) * 86_400_000).toISOString().slice(0, 10);
    const rows = await session.call(`/analytics/me/timeseries?from=${from}&interval=day`);
    drawBars(byId("days"), "Tickets sold by day", dayBars(rows), "tickets");
  }

  #showPartial(moment) {
    byId("partial").textContent = `Today has very many bookings: these figures include those since ${momentOf(moment)}.`;
    show(byId("partial"), true);
  }

  /** Run something once after a pause, however often it is requested; after a failure the next refresh runs it again. */
  #later(name, pause, action) {
    if (this.#timers.has(name)) return;
    const run = async () => {
      this.#timers.delete(name);
      await action();
    };
    this.#timers.set(name, setTimeout(() => run().catch((problem) => console.warn(name, problem)), pause));
  }
}

const ended = sessionStorage.getItem(ENDED);
sessionStorage.removeItem(ENDED);
const isElsewhere = session.user?.role === "ORGANIZER" && !(await session.claim());
if (session.user?.role === "ORGANIZER") open(session.user);
else if (isElsewhere) login.open(ELSEWHERE);
else login.open(ended ? "Your sign-in has ended. Log in again to go on." : "");
