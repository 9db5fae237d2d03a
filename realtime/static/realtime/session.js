// Who is signed in, in this tab: tokens in sessionStorage, refreshed before they end.

import { call } from "./api.js";

const KEY = "boxoffice.session";
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

  async logIn(email, password) {
    const { token, refresh, user } = await call("/auth/login", { method: "POST", body: { email, password } });
    this.#keep({ token, refresh, user, until: Date.now() + lifetime(token) });
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

/** How long a token lives, in milliseconds: by the server's clock alone, so that this machine's may be wrong. */
function lifetime(token) {
  const { exp, iat } = JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
  return (exp - iat) * 1000;
}
