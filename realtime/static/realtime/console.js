// The organizer's console: puts the parts together.

import { Alerts } from "./alerts.js";
import { BookingList } from "./booking_list.js";
import { dayBars, drawBars, hourBars } from "./chart.js";
import { showState } from "./connection.js";
import { byId, show } from "./dom.js";
import { Feed } from "./feed.js";
import { ELSEWHERE, loginForm } from "./login.js";
import { OwnEvents } from "./own_events.js";
import { Sales } from "./sales.js";
import { Session } from "./session.js";
import { count, momentOf, money } from "./words.js";

const ENDED = "boxoffice.ended";
const SOON = 250;
const RELOAD = 60_000;
const ROLLUPS = 8_000; // figures by day follow the bookings after seconds
const NEWS = 5_000;
const DAYS = 14;

const session = new Session(() => {
  sessionStorage.setItem(ENDED, "yes");
  location.reload(); // nothing of the sale stays on the screen
});

const login = loginForm(session, {
  role: "ORGANIZER",
  stranger: (user) =>
    user.role === "CUSTOMER"
      ? "This console is for organizers. You have a customer's account: your bookings are safe, and there is nothing to see here."
      : "This console is for organizers. Staff look after all events in the admin.",
  onUser: open,
});

function open(user) {
  login.close();
  show(byId("desk"), true);
  show(byId("tools"), true);
  byId("who").textContent = user.name;
  byId("main").focus({ preventScroll: true });
  scrollTo(0, 0);
  new Desk().start();
}

class Desk {
  #sales = new Sales();
  #list = new BookingList();
  #alerts = new Alerts();
  #timers = new Map();
  #news = { bookings: 0, tickets: 0, cancelled: 0 };

  constructor() {
    this.events = new OwnEvents(session, {
      watch: (eventId) => this.feed.watch(eventId),
      unwatch: (eventId) => this.feed.unwatch(eventId),
      ended: (eventId) => this.#eventEnded(eventId),
    });
    this.feed = new Feed(session, {
      notify: (notification, how) => this.#notify(notification, how),
      seats: (message) => this.events.seats(message),
      ready: () => this.#ready(),
      state: (state) => showState(byId("connection"), state),
      partial: (moment) => this.#partial(moment),
    });
  }

  start() {
    this.feed.start();
    this.#figures();
    this.#later("days", 0, () => this.#days());
    setInterval(() => this.#refresh(), RELOAD);
    byId("logout").addEventListener("click", () => {
      this.feed.stop();
      session.logOut().finally(() => location.reload());
    });
  }

  #ready() {
    this.events.watchAll();
    this.#later("events", 0, () => this.events.load());
    this.#later("days", 0, () => this.#days());
  }

  #refresh() {
    this.#sales.tidy();
    this.#figures(); // also at midnight, when nothing happens
    this.#later("events", 0, () => this.events.load());
    this.#later("days", 0, () => this.#days());
  }

  #notify(notification, { fresh }) {
    if (!notification.type.startsWith("booking.")) return;
    const booking = this.#sales.take(notification);
    this.#list.show(booking, { cancelled: this.#sales.isCancelled(booking), fresh });
    this.#later("figures", SOON, () => this.#figures());
    if (fresh) this.#announce(notification, booking);
  }

  #announce({ type }, booking) {
    if (type === "booking.created") {
      this.#alerts.booking();
      this.#news.bookings += 1;
      this.#news.tickets += booking.qty;
    } else this.#news.cancelled += 1;
    this.#later("news", NEWS, () => this.#tell());
    this.#later("days", ROLLUPS, () => this.#days());
    this.#later("events", ROLLUPS, () => this.events.load());
    if (!this.events.has(booking.eventId)) this.#later("unknown", SOON, () => this.events.load());
  }

  /** A screen reader hears of a rush once every few seconds, and of all of it. */
  #tell() {
    const { bookings, tickets, cancelled } = this.#news;
    const parts = [];
    if (bookings) parts.push(`${count(bookings, "new booking")} with ${count(tickets, "ticket")}`);
    if (cancelled) parts.push(`${count(cancelled, "booking")} cancelled`);
    byId("news").textContent = `${parts.join(", ")}.`;
    this.#news = { bookings: 0, tickets: 0, cancelled: 0 };
  }

  #eventEnded(eventId) {
    this.#sales.cancelEvent(eventId);
    this.#list.cancelEvent(eventId);
    this.#later("figures", SOON, () => this.#figures());
  }

  #figures() {
    const today = this.#sales.today();
    byId("sold").textContent = today.tickets.toLocaleString();
    byId("revenue").textContent = money(today.cents);
    byId("bookings-count").textContent = today.bookings.toLocaleString();
    byId("cancelled-count").textContent = today.cancelled.toLocaleString();
    drawBars(byId("hours"), "Tickets sold today by hour", hourBars(today.hours), "tickets");
  }

  async #days() {
    const from = new Date(Date.now() - (DAYS - 1) * 86_400_000).toISOString().slice(0, 10);
    const rows = await session.call(`/analytics/me/timeseries?from=${from}&interval=day`);
    drawBars(byId("days"), "Tickets sold by day", dayBars(rows), "tickets");
  }

  #partial(moment) {
    byId("partial").textContent = `A big day: these sums count from ${momentOf(moment)} on.`;
    show(byId("partial"), true);
  }

  /** Do something once after a pause, however often it is asked for; what fails is done with the next refresh. */
  #later(name, pause, work) {
    if (this.#timers.has(name)) return;
    const run = async () => {
      this.#timers.delete(name);
      await work();
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
