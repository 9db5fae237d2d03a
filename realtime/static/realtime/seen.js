// Which notifications this page has: each counts once, and it is known up to where none is missing.

export class Seen {
  #ahead = new Set(); // those that came before what is missing in between

  constructor(upTo) {
    this.upTo = upTo;
  }

  /** Note a seq; false if it was there before. */
  take(seq) {
    if (seq <= this.upTo || this.#ahead.has(seq)) return false;
    this.#ahead.add(seq);
    this.#close();
    return true;
  }

  /** All up to `seq` was asked for: what did not come has expired. */
  passTo(seq) {
    if (seq <= this.upTo) return;
    this.upTo = seq;
    for (const one of this.#ahead) if (one <= seq) this.#ahead.delete(one);
    this.#close();
  }

  #close() {
    while (this.#ahead.delete(this.upTo + 1)) this.upTo += 1;
  }
}
