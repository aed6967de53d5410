import { randomUUID } from 'node:crypto';
import { filterId, optionalText, requiredId } from './checks.js';
import { format } from './instant.js';
import { checkSize, newInterrupt, show, statusAt } from './interrupt.js';
import { matches, newestFirst, readQuery, writeCursor } from './listing.js';
import { Refused, invalid } from './refused.js';
import { checkFit, readResponse } from './response.js';
import { KINDS } from './vocabulary.js';

/** The operations. Each takes params as they came, and throws Refused before anything is changed. */
export class Service {
  #store;

  constructor(store) {
    this.#store = store;
  }

  create(params) {
    const now = this.#store.now();
    const interrupt = newInterrupt(params, now);
    checkSize(interrupt, '/data');
    return { interrupt: this.#put(interrupt, KINDS.get(interrupt.kind).event, now) };
  }

  /** Without a user_id it is the read of a trusted caller. */
  get(params) {
    const id = readId(params.id);
    const user = filterId(params.user_id, '/user_id');
    return { interrupt: show(this.#owned(id, user), this.#store.now()) };
  }

  list(params) {
    const query = readQuery(params);
    const now = this.#store.now();
    const found = this.#matching(query, now);
    const rest = query.after ? found.filter((interrupt) => newestFirst(query.after, interrupt) < 0) : found;
    const page = rest.slice(0, query.limit);
    return {
      interrupts: page.map((interrupt) => show(interrupt, now)),
      total: found.length,
      next_cursor: rest.length > page.length ? writeCursor(page.at(-1), query) : null,
    };
  }

  pendingForRequest(params) {
    const query = {
      request_id: requiredId(params.request_id, '/request_id'),
      user_id: filterId(params.user_id, '/user_id'),
      session_id: null,
      status: 'pending',
      kinds: null,
    };
    const now = this.#store.now();
    const [newest] = this.#matching(query, now);
    return { interrupt: newest ? show(newest, now) : null };
  }

  respond(params) {
    const id = readId(params.id);
    const user = requiredId(params.user_id, '/user_id');
    const response = readResponse(params.response);
    const now = this.#store.now();
    const pending = this.#pending(id, user, now);
    checkFit(pending.kind, response);
    const answered = { ...pending, status: 'resolved', resolved_at: now, response: { ...response, received_at: format(now) } };
    checkSize(answered, '/response/data');
    return {
      interrupt: this.#put(answered, 'interrupt.resolved', now),
      request_can_resume: !(pending.kind === 'confirmation' && response.approved === false),
    };
  }

  cancel(params) {
    const id = readId(params.id);
    const user = requiredId(params.user_id, '/user_id');
    const reason = optionalText(params.reason, '/reason');
    const now = this.#store.now();
    const pending = this.#pending(id, user, now);
    const cancelled = { ...pending, status: 'cancelled', data: reason ? { ...pending.data, cancel_reason: reason } : pending.data };
    checkSize(cancelled, '/reason');
    return { interrupt: this.#put(cancelled, 'interrupt.cancelled', now) };
  }

  /** The sweep: stores, and tells once of, what only looked expired so far. */
  expirePending() {
    const now = this.#store.now();
    const due = this.#store.all().filter((interrupt) => interrupt.status === 'pending' && statusAt(interrupt, now) === 'expired');
    for (const interrupt of due) this.#put({ ...interrupt, status: 'expired' }, 'interrupt.expired', now);
    return { ids: due.map((interrupt) => interrupt.id) };
  }

  #matching(query, now) {
    return this.#store.all().filter((interrupt) => matches(query, interrupt, statusAt(interrupt, now))).sort(newestFirst);
  }

  #owned(id, user) {
    const interrupt = this.#store.find(id);
    if (interrupt === undefined) throw new Refused('not_found', 'there is no such interrupt');
    if (user !== null && user !== interrupt.user_id) throw new Refused('forbidden', 'it belongs to another user');
    return interrupt;
  }

  #pending(id, user, now) {
    const interrupt = this.#owned(id, user);
    const status = statusAt(interrupt, now);
    if (status !== 'pending') throw new Refused('conflict', `the interrupt is ${status}`, { interrupt_status: status });
    return interrupt;
  }

  #put(interrupt, eventType, now) {
    const { request_id } = interrupt;
    this.#store.put(interrupt, {
      event_id: randomUUID(),
      event_type: eventType,
      timestamp: format(now),
      data: show(interrupt, now),
      request_id,
    });
    return show(interrupt, now);
  }
}

/** Any text may be asked for; one that is no id of ours is simply not found. */
function readId(id) {
  if (typeof id !== 'string') throw invalid('/id', 'it must be a text');
  return id;
}
