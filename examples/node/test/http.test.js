import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { Api } from '../src/http/api.js';
import { listen } from '../src/http/listen.js';
import { Service } from '../src/service.js';
import { Store } from '../src/store.js';

let server;
let base;

before(async () => {
  const store = new Store();
  const api = new Api(new Service(store), store, { operatorToken: 'secret' });
  const listening = await listen(api, 0);
  server = listening.server;
  base = listening.url + api.prefix;
});

after(() => server.close());

const post = (path, body, headers = {}) =>
  fetch(base + path, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });
const ASK = { kind: 'confirmation', request_id: 'req', user_id: 'ann', session_id: 'ses' };

test('a creation is found where its Location says', async () => {
  const created = await post('/interrupts', ASK);
  assert.equal(created.status, 201);
  const found = await fetch(`${new URL(created.headers.get('location'), base)}?user_id=ann`);
  assert.deepEqual(await found.json(), await created.json());
});

test('a refusal is a problem, whose field is called as over HTTP', async () => {
  const { id } = await (await post('/interrupts', ASK)).json();
  const refused = await post(`/interrupts/${id}/respond?user_id=ann`, { approved: 1 });
  assert.equal(refused.status, 400);
  assert.equal(refused.headers.get('content-type'), 'application/problem+json');
  assert.equal((await refused.json()).field, '/approved');
});

test('a key has an answer given again, and not done again', async () => {
  const key = { 'Idempotency-Key': 'k1' };
  const first = await post('/interrupts', { ...ASK, request_id: 'once' }, key);
  const second = await post('/interrupts', { ...ASK, request_id: 'once' }, key);
  assert.equal(second.headers.get('idempotency-replayed'), 'true');
  assert.deepEqual(await second.json(), await first.json());
  assert.equal((await post('/interrupts', { ...ASK, request_id: 'other' }, key)).status, 422);
});

test('the sweep is the operator\'s', async () => {
  assert.equal((await post('/interrupts/expire', {})).status, 401);
  assert.equal((await post('/interrupts/expire', {}, { Authorization: 'Bearer secret' })).status, 200);
});

test('a query that says two things, or is no UTF-8, is refused', async () => {
  for (const query of ['user_id=ann&user_id=ann', 'user_id=ann%00x', 'user_id=%ff', 'user_id=%4']) {
    assert.equal((await fetch(`${base}/interrupts?${query}`)).status, 400, query);
  }
});

test('a method that Node does not know is 405 all the same', async () => {
  const { port } = server.address();
  const said = await new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('BREW /api/v1/interrupts HTTP/1.1\r\nHost: x\r\n\r\n'));
    let text = '';
    socket.on('data', (chunk) => (text += chunk)).on('end', () => resolve(text)).on('error', reject);
  });
  assert.match(said, /^HTTP\/1\.1 405 .*\r\n(.*\r\n)*Allow: GET, POST/);
});
