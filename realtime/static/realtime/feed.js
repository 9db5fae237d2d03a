// An organizer's notifications: each once, none missed, whatever happens to the connection.

import { Connection, socketUrl } from "./connection.js";
import { Seen } from "./seen.js";
import { startOfDay } from "./words.js";

const PAGE = 100;
const HISTORY = 5_000; // so many notifications are read back for the sums of today
const RETRY = 2_000;
const UNAUTHORIZED = 4401;

/**
 * Hooks: `notify(notification, {fresh})`, where what happened before the page was opened is not fresh; `seats(message)`;
 * `ready()` after each connect; `state(name)`; `partial(moment)` when today holds more than is read back.
 */
export class Feed {
  #seen = null;
  #fillTo = 0;
  #filling = false;

  constructor(session, hooks) {
    this.session = session;
    this.hooks = hooks;
    this.connection = new Connection(socketUrl("/ws/me"), {
      opened: async (send) => send({ token: await session.token(), ...(this.#seen && { lastSeq: this.#seen.upTo }) }),
      heard: (message) => this.#hear(message),
      closed: (code) => this.#closed(code),
      state: hooks.state,
      beat: (send) => send({ type: "ping" }), // unknown to the server, which says so: it is there
    });
  }

  start() {
    this.connection.start();
  }

  stop() {
    this.connection.stop();
  }

  watch(eventId) {
    this.connection.send({ type: "watch", eventId });
  }

  unwatch(eventId) {
    this.connection.send({ type: "unwatch", eventId });
  }

  #hear(message) {
    if (message.type === "ready") this.#begin(message.seq);
    else if (message.type === "notifications.skipped") this.#fill(message.toSeq);
    else if (message.type === "event.availability" || (message.type === "ack" && message.ok)) this.hooks.seats(message);
    else if (Number.isInteger(message.seq)) this.#live(message);
  }

  #begin(seq) {
    this.connection.live();
    if (this.#seen === null) {
      this.#seen = new Seen(seq);
      this.#readBack(seq);
    }
    this.hooks.ready();
  }

  /** What is missing before a live one and was not announced has expired, or is to be read. */
  #live(message) {
    this.#take(message, true);
    if (message.seq > this.#seen.upTo && !this.#filling) this.#fill(message.seq - 1);
  }

  #take(notification, fresh) {
    if (this.#seen.take(notification.seq)) this.hooks.notify(notification, { fresh });
  }

  /** Read over REST what was too much for the socket. What comes live meanwhile is shown, and known afterwards. */
  async #fill(toSeq) {
    this.#fillTo = Math.max(this.#fillTo, toSeq);
    if (this.#filling) return;
    this.#filling = true;
    while (this.#seen.upTo < this.#fillTo && this.session.user) {
      const found = await this.#read(this.#seen.upTo);
      found.forEach((one) => this.#take(one, true));
      this.#seen.passTo(found.length ? found.at(-1).seq : this.#fillTo);
    }
    this.#filling = false;
  }

  /** Read what happened today before this page was opened, the newest first. */
  async #readBack(newest) {
    const start = startOfDay(new Date());
    for (let last = newest; last > 0 && this.session.user; last -= PAGE) {
      const found = (await this.#read(Math.max(0, last - PAGE))).filter(({ seq }) => seq <= last).reverse();
      found.forEach((one) => this.hooks.notify(one, { fresh: false }));
      const oldest = found.at(-1);
      if (!oldest || new Date(oldest.createdAt) < start) return;
      if (newest - last >= HISTORY - PAGE) return this.hooks.partial(oldest.createdAt);
    }
  }

  /** Return the next page after a seq, trying until there is an answer. */
  async #read(after) {
    while (this.session.user) {
      try {
        return (await this.session.call(`/notifications?after=${after}&pageSize=${PAGE}`)).results;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY));
      }
    }
    return [];
  }

  /** Return false when there is no use in coming back: the sign-in has ended. */
  async #closed(code) {
    if (code !== UNAUTHORIZED) return true;
    return this.session.refresh().then(() => true, (problem) => problem.status !== 401);
  }
}
