#!/usr/bin/env node
// The service over stdin and stdout: one JSON-RPC request a line, one answer a line.
import { isObject, read, write } from './src/json.js';
import { call } from './src/methods.js';
import { Refused, invalid } from './src/refused.js';
import { Service } from './src/service.js';
import { Store } from './src/store.js';

const CODES = {
  invalid: -32602, not_found: -32001, forbidden: -32002, conflict: -32003, unavailable: -32004, unsupported: -32005, internal: -32006,
};
const CAPABILITIES = [
  'create', 'get', 'list', 'respond', 'cancel', 'expire_pending', 'pending_for_request',
  'events', 'describe', 'clock', 'reset', 'instants', 'envelope', 'concurrent',
];

const store = new Store();
const services = [new Service(store), new Service(store)]; // two of them, one state

const hello = (params) => ({
  protocol: 1, nonce: params?.nonce, name: 'interrupt service', version: '1.0.0', language: 'Node', capabilities: CAPABILITIES,
  limits: { endpoints: services.length },
});

function answer(line) {
  let id = null; // stays so for a line that cannot be read
  try {
    const request = read(line);
    if (!isObject(request)) throw invalid(null, 'a request is an object');
    id = request.id ?? null;
    const { method, params, endpoint = 0 } = request;
    const service = services[endpoint];
    if (service === undefined) throw invalid(null, `there are ${services.length} endpoints`);
    return { id, result: method === 'hello' ? hello(params) : call(service, store, method, params) };
  } catch (error) {
    return { id, error: explain(error) };
  }
}

function explain(error) {
  if (error instanceof SyntaxError) return explain(new Refused('invalid', error.message));
  if (error instanceof Refused) return { code: CODES[error.data.name], message: error.message, data: error.data };
  console.error(error);
  return explain(new Refused('internal', 'the service failed'));
}

let rest = Buffer.alloc(0);
process.stdin.on('data', (chunk) => {
  const lines = Buffer.concat([rest, chunk]);
  let start = 0;
  for (let end; (end = lines.indexOf(10, start)) >= 0; start = end + 1) {
    process.stdout.write(`${write({ jsonrpc: '2.0', ...answer(lines.subarray(start, end)) })}\n`);
  }
  rest = lines.subarray(start);
});
