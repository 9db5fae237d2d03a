// Who is signed in, in this tab: tokens in sessionStorage, refreshed before they end.

import { call } from "./api.js";
import { randomId } from "./words.js";

const KEY = "boxoffice.session";
const RELEASE = 1_000; // so long a page that is reloaded may take to let go, milliseconds
const MARGIN = 60_000; // refreshed so long before the end, milliseconds

export class Session {
  #kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  #refreshing = null;

  /** `onEnd` is called when the server ends the sign-in. */
  constructor(onEnd = () => {}) {
    this.onEnd = onEnd;
  }

  get user() {
    return this.#kept?.user ?? null;
  }

  /**
   * Make the sign-in this tab's own; false if it is another's. A tab that was duplicated starts with a copy of the first
   * one's tokens. Each works once: the second to use them would end the sign-in in both.
   */
  async claim() {
    if (!this.#kept || (await hold(this.#kept.id))) return true;
    this.#keep(null);
    return false;
  }

  async logIn(email, password) {
    const { token, refresh, user } = await call("/auth/login", { method: "POST", body: { email, password } });
    const id = randomId();
    this.#keep({ id, token, refresh, user, until: Date.now() + lifetime(token) });
    hold(id);
    return user;
  }

  async logOut() {
    const refresh = this.#kept?.refresh;
    this.#keep(null);
    if (refresh) await call("/auth/logout", { method: "POST", body: { refresh } }).catch(() => {});
  }

  /** Return a token that counts; a Problem with status 401 when the sign-in has ended. */
  async token() {
    if (this.#kept && this.#kept.until - Date.now() < MARGIN) await this.refresh();
    return this.#kept?.token;
  }

  /** Get the next pair. A refresh token works once, so those who ask at the same time share one call. */
  refresh() {
    this.#refreshing ??= this.#rotate().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #rotate() {
    const before = this.#kept;
    if (!before) return;
    try {
      const { token, refresh } = await call("/auth/refresh", { method: "POST", body: { refresh: before.refresh } });
      if (this.#kept === before) this.#keep({ ...before, token, refresh, until: Date.now() + lifetime(token) });
    } catch (problem) {
      if (problem.status === 401 && this.#kept === before) this.#end();
      throw problem;
    }
  }

  /** Call the API as this user; a token refused too early is refreshed once. */
  async call(path, options = {}) {
    try {
      return await call(path, { ...options, token: await this.token() });
    } catch (problem) {
      if (problem.status !== 401 || !this.#kept) throw problem;
      await this.refresh();
      return call(path, { ...options, token: this.#kept?.token });
    }
  }

  #end() {
    this.#keep(null);
    this.onEnd();
  }

  #keep(session) {
    this.#kept = session;
    if (session) sessionStorage.setItem(KEY, JSON.stringify(session));
    else sessionStorage.removeItem(KEY);
  }
}

/** Hold a sign-in for as long as this page lives; false if another page has it. Locks are there over HTTPS only. */
function hold(id) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const keep = () => new Promise(() => resolve(true)); // never settled: kept until the page ends
    navigator.locks.request(`${KEY}.${id}`, { signal: AbortSignal.timeout(RELEASE) }, keep).catch(() => resolve(false));
  });
}

/** How long a token lives, in milliseconds: by the server's clock alone, so that this machine's may be wrong. */
function lifetime(token) {
  const { exp, iat } = JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
  return (exp - iat) * 1000;
}
