// Which notifications this page has received: each counts once, and all are known up to a seq.

export class ReceivedSeqs {
  #ahead = new Set(); // received, but after a gap

  constructor(upTo) {
    this.upTo = upTo; // none up to this seq is missing
  }

  /** Add a seq; return false if it was received before. */
  add(seq) {
    if (seq <= this.upTo || this.#ahead.has(seq)) return false;
    this.#ahead.add(seq);
    this.#advance();
    return true;
  }

  /** All up to `seq` were requested: those that did not come have expired. */
  skipTo(seq) {
    if (seq <= this.upTo) return;
    this.upTo = seq;
    for (const one of this.#ahead) if (one <= seq) this.#ahead.delete(one);
    this.#advance();
  }

  #advance() {
    while (this.#ahead.delete(this.upTo + 1)) this.upTo += 1;
  }
}
