import { roundtrip } from './envelope.js';
import { isObject, size } from './json.js';
import { Refused, invalid } from './refused.js';
import { describe } from './vocabulary.js';

const MAX_BYTES = 1_200_000;

/** The methods of the wire by name, each a function of the service that is asked, the store and the params. */
export const METHODS = new Map([
  ['reset', (service, store) => store.reset()],
  ['clock.set', (service, store, params) => store.setClock(params.now)],
  ['describe', describe],
  ['interrupt.create', (service, store, params) => service.create(params)],
  ['interrupt.get', (service, store, params) => service.get(params)],
  ['interrupt.list', (service, store, params) => service.list(params)],
  ['interrupt.respond', (service, store, params) => service.respond(params)],
  ['interrupt.cancel', (service, store, params) => service.cancel(params)],
  ['interrupt.expire_pending', (service) => service.expirePending()],
  ['interrupt.pending_for_request', (service, store, params) => service.pendingForRequest(params)],
  ['events.drain', (service, store) => ({ events: store.drain() })],
  ['envelope.roundtrip', (service, store, params) => ({ envelope: roundtrip(params.envelope, store) })],
]);

export function call(service, store, method, params = {}) {
  const operation = METHODS.get(method);
  if (operation === undefined) throw new Refused('unsupported', `there is no method ${method}`);
  if (!isObject(params)) throw invalid(null, 'the params must be an object');
  if (size(params) > MAX_BYTES) throw invalid(null, `a request may have ${MAX_BYTES} bytes`);
  return operation(service, store, params);
}
