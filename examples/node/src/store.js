import { format, parse } from './instant.js';
import { invalid } from './refused.js';

/**
 * All state: the interrupts, the events that nobody has drained yet, and the clock. Several services may share one.
 * Node runs one operation to its end before the next, so a change and its event need no lock to be one.
 */
export class Store {
  #interrupts = new Map();
  #events = [];
  #frozen = null;

  /** What was answered to requests with an Idempotency-Key. */
  answers = new Map();

  /** The clock's microseconds; it stands still once it is set. */
  now() {
    return this.#frozen ?? BigInt(Date.now()) * 1000n;
  }

  setClock(text) {
    const now = typeof text === 'string' ? parse(text) : null;
    if (now === null) throw invalid('/now', 'it must be an RFC 3339 time');
    if (this.#frozen !== null && now < this.#frozen) throw invalid('/now', 'the clock does not run backwards');
    this.#frozen = now;
    return { now: format(now) };
  }

  reset() {
    this.#interrupts.clear();
    this.#events = [];
    this.#frozen = null;
    this.answers.clear();
    return {};
  }

  /** Stores what an interrupt is from now on, and the event that tells of it. */
  put(interrupt, event) {
    this.#interrupts.set(interrupt.id, interrupt);
    this.#events.push(event);
  }

  find(id) {
    return this.#interrupts.get(id);
  }

  all() {
    return [...this.#interrupts.values()];
  }

  drain() {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
