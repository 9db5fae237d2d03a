// An organizer's notifications: each once, none missed, whatever happens to the connection.

import { Connection, socketUrl } from "./connection.js";
import { startOfDay } from "./format.js";
import { ReceivedSeqs } from "./received_seqs.js";

const PAGE = 100;
const HISTORY = 5_000; // notifications that are read at most for today's figures
const RETRY = 2_000;
const UNAUTHORIZED = 4401;

/**
 * Hooks: `notify(notification, {fresh})`, where those from before the page was opened are not fresh; `seats(message)`;
 * `ready()` after each connect; `state(name)`; `partial(moment)` when today has more notifications than are read.
 */
export class Feed {
  #received = null;
  #fillTo = 0;
  #filling = false;

  constructor(session, hooks) {
    this.session = session;
    this.hooks = hooks;
    this.connection = new Connection(socketUrl("/ws/me"), {
      opened: async (send) => send({ token: await session.token(), ...(this.#received && { lastSeq: this.#received.upTo }) }),
      received: (message) => this.#handle(message),
      closed: (code) => this.#closed(code),
      state: hooks.state,
      ping: (send) => send({ type: "ping" }), // an unknown type, which the server declines: so it is alive
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

  #handle(message) {
    if (message.type === "ready") this.#begin(message.seq);
    else if (message.type === "notifications.skipped") this.#fill(message.toSeq);
    else if (message.type === "event.availability" || (message.type === "ack" && message.ok)) this.hooks.seats(message);
    else if (Number.isInteger(message.seq)) this.#live(message);
  }

  #begin(seq) {
    this.connection.live();
    if (this.#received === null) {
      this.#received = new ReceivedSeqs(seq);
      this.#readToday(seq);
    }
    this.hooks.ready();
  }

  /** Notifications missing before a live one have expired, or can be read over REST. */
  #live(message) {
    this.#notify(message);
    if (message.seq > this.#received.upTo && !this.#filling) this.#fill(message.seq - 1);
  }

  #notify(notification) {
    if (this.#received.add(notification.seq)) this.hooks.notify(notification, { fresh: true });
  }

  /** Read over REST what the socket skipped. Live notifications that arrive meanwhile are shown at once. */
  async #fill(toSeq) {
    this.#fillTo = Math.max(this.#fillTo, toSeq);
    if (this.#filling) return;
    this.#filling = true;
    while (this.#received.upTo < this.#fillTo && this.session.user) {
      const found = await this.#read(this.#received.upTo);
      found.forEach((one) => this.#notify(one));
      this.#received.skipTo(found.length ? found.at(-1).seq : this.#fillTo);
    }
    this.#filling = false;
  }

  /** Read today's notifications from before the page was opened, the newest first. */
  async #readToday(newest) {
    const start = startOfDay(new Date());
    for (let last = newest; last > 0 && this.session.user; last -= PAGE) {
      const found = (await this.#read(Math.max(0, last - PAGE))).filter(({ seq }) => seq <= last).reverse();
      found.forEach((one) => this.hooks.notify(one, { fresh: false }));
      const oldest = found.at(-1);
      if (!oldest || new Date(oldest.createdAt) < start) return;
      if (newest - last >= HISTORY - PAGE) return this.hooks.partial(oldest.createdAt);
    }
  }

  /** Return the next page after a seq; retry until the server answers. */
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

  /** Return false when reconnecting is useless: the sign-in has ended. */
  async #closed(code) {
    if (code !== UNAUTHORIZED) return true;
    return this.session.refresh().then(() => true, (problem) => problem.status !== 401);
  }
}
