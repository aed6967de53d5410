import { write } from '../json.js';
import { call } from '../methods.js';
import { readBody, readObject } from './api.js';
import { HttpRefused, problem } from './problem.js';

const METHODS = new Map([
  ['/reset', () => ({ method: 'reset' })],
  ['/clock', (body) => ({ method: 'clock.set', params: body })],
  ['/drain', () => ({ method: 'events.drain' })],
  ['/call', (body) => body],
]);

/** For conformance runs: what the routes have no place for. It can delete everything, and asks nobody who he is. */
export class Controls {
  constructor(service, store) {
    Object.assign(this, { service, store });
  }

  async answer(request) {
    try {
      const asks = METHODS.get(request.url);
      if (asks === undefined) throw new HttpRefused(404, 'not_found', 'there is no such control');
      if (request.method !== 'POST') throw new HttpRefused(405, 'unsupported', 'it takes POST', { Allow: 'POST' });
      const { method, params } = asks(asks.length > 0 ? readObject(await readBody(request)) : {});
      const result = call(this.service, this.store, method, params);
      const text = write(request.url === '/call' ? { result } : result);
      return { status: 200, headers: { 'Content-Type': 'application/json' }, text };
    } catch (error) {
      return problem(error);
    }
  }
}
