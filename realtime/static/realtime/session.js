// The sign-in of this tab: its tokens, kept in sessionStorage and refreshed before they expire.

import { call } from "./api.js";
import { randomId } from "./format.js";

const KEY = "boxoffice.session";
// milliseconds
const LOCK_TIMEOUT = 1_000; // a page that is being reloaded releases its lock within this time
const MARGIN = 60_000; // tokens are refreshed so long before they expire

export class Session {
  #stored = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  #refreshing = null;

  /** `onEnd` is called when the server ends the sign-in. */
  constructor(onEnd = () => {}) {
    this.onEnd = onEnd;
  }

  get user() {
    return this.#stored?.user ?? null;
  }

  /**
   * Claim the sign-in for this tab; return false if another tab has it. A duplicated tab starts with a copy of the first
   * one's tokens. A refresh token works once: using it in both tabs would end the sign-in in both.
   */
  async claim() {
    if (!this.#stored || (await holdLock(this.#stored.id))) return true;
    this.#store(null);
    return false;
  }

  async logIn(email, password) {
    const { token, refresh, user } = await call("/auth/login", { method: "POST", body: { email, password } });
    const id = randomId();
    this.#store({ id, token, refresh, user, until: Date.now() + lifetime(token) });
    holdLock(id);
    return user;
  }

  async logOut() {
    const refresh = this.#stored?.refresh;
    this.#store(null);
    if (refresh) await call("/auth/logout", { method: "POST", body: { refresh } }).catch(() => {});
  }

  /** Return a valid access token; throw a Problem with status 401 when the sign-in has ended. */
  async token() {
    if (this.#stored && this.#stored.until - Date.now() < MARGIN) await this.refresh();
    return this.#stored?.token;
  }

  /** Get the next pair of tokens. A refresh token works once, so concurrent calls share one request. */
  refresh() {
    this.#refreshing ??= this.#rotate().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #rotate() {
    const before = this.#stored;
    if (!before) return;
    try {
      const { token, refresh } = await call("/auth/refresh", { method: "POST", body: { refresh: before.refresh } });
      if (this.#stored === before) this.#store({ ...before, token, refresh, until: Date.now() + lifetime(token) });
    } catch (problem) {
      if (problem.status === 401 && this.#stored === before) this.#end();
      throw problem;
    }
  }

  /** Call the API as this user; refresh the token once if the API refuses it. */
  async call(path, options = {}) {
    try {
      return await call(path, { ...options, token: await this.token() });
    } catch (problem) {
      if (problem.status !== 401 || !this.#stored) throw problem;
      await this.refresh();
      return call(path, { ...options, token: this.#stored?.token });
    }
  }

  #end() {
    this.#store(null);
    this.onEnd();
  }

  #store(session) {
    this.#stored = session;
    if (session) sessionStorage.setItem(KEY, JSON.stringify(session));
    else sessionStorage.removeItem(KEY);
  }
}

/** Lock a sign-in for the lifetime of this page; false if another page holds the lock. Locks exist only over HTTPS. */
function holdLock(id) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const keep = () => new Promise(() => resolve(true)); // never settled: the lock lasts as long as the page
    navigator.locks.request(`${KEY}.${id}`, { signal: AbortSignal.timeout(LOCK_TIMEOUT) }, keep).catch(() => resolve(false));
  });
}

/** Return a token's lifetime in milliseconds. It is independent of this machine's clock, which may be wrong. */
function lifetime(token) {
  const { exp, iat } = JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
  return (exp - iat) * 1000;
}
