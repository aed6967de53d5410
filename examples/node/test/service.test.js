import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Service } from '../src/service.js';
import { Store } from '../src/store.js';

const START = '2025-12-11T09:30:00.000000Z';
const ASK = { kind: 'clarification', request_id: 'req', user_id: 'ann', session_id: 'ses' };

let store;
let service;

beforeEach(() => {
  store = new Store();
  service = new Service(store);
  store.setClock(START);
});

const create = (more = {}) => service.create({ ...ASK, ...more }).interrupt;
const refusal = (call) => {
  try {
    call();
  } catch (error) {
    return error.data;
  }
  return assert.fail('it was accepted');
};

test('a creation has all 16 fields and the time to live of its kind', () => {
  const interrupt = create();
  assert.equal(Object.keys(interrupt).length, 16);
  assert.equal(interrupt.expires_at, '2025-12-12T09:30:00.000000Z');
  assert.equal(create({ kind: 'checkpoint' }).expires_at, null);
  assert.equal(create({ ttl_seconds: null }).expires_at, null);
  assert.deepEqual(refusal(() => create({ ttl_seconds: 0 })), { name: 'invalid', field: '/ttl_seconds' });
});

test('what a caller gets is a copy', () => {
  const given = { list: [1] };
  const interrupt = create({ data: given });
  given.list.push(2);
  interrupt.data.list.push(3);
  assert.deepEqual(service.get({ id: interrupt.id }).interrupt.data, { list: [1] });
});

test('an interrupt is answered once, by its owner, as its kind wants it', () => {
  const { id } = create();
  const answer = (user_id, response) => service.respond({ id, user_id, response });
  assert.deepEqual(refusal(() => answer('bob', { text: 'x' })), { name: 'forbidden' });
  assert.deepEqual(refusal(() => answer('ann', { approved: true })), { name: 'invalid', field: '/response/text' });
  assert.equal(answer('ann', { text: 'x' }).interrupt.response.received_at, START);
  assert.deepEqual(refusal(() => answer('ann', { text: 'y' })), { name: 'conflict', interrupt_status: 'resolved' });
});

test('at its expiry an interrupt is open, a microsecond later it has expired, and the sweep tells once', () => {
  const { id } = create({ ttl_seconds: 1 });
  store.setClock('2025-12-11T09:30:01Z');
  assert.deepEqual(service.expirePending(), { ids: [] });
  store.setClock('2025-12-11T09:30:01.000001Z');
  assert.deepEqual(refusal(() => service.cancel({ id, user_id: 'ann' })), { name: 'conflict', interrupt_status: 'expired' });
  assert.deepEqual(service.expirePending(), { ids: [id] });
  assert.deepEqual(service.expirePending(), { ids: [] });
  assert.deepEqual(store.drain().map((event) => event.event_type), ['interrupt.clarification_needed', 'interrupt.expired']);
});

test('pages lead through every match once, and a cursor serves no other list', () => {
  const ids = Array.from({ length: 5 }, () => create().id).sort().reverse();
  const seen = [];
  let cursor = null;
  do {
    const page = service.list({ user_id: 'ann', limit: 2, cursor });
    assert.equal(page.total, 5);
    seen.push(...page.interrupts.map((interrupt) => interrupt.id));
    cursor = page.next_cursor;
    if (cursor) assert.equal(refusal(() => service.list({ session_id: 'ses', cursor })).field, '/cursor');
  } while (cursor);
  assert.deepEqual(seen, ids);
});
