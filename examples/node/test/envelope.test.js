import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roundtrip } from '../src/envelope.js';
import { Store } from '../src/store.js';

const store = new Store();
const saved = (envelope) => roundtrip(envelope, store);
const fieldOf = (envelope) => {
  try {
    saved(envelope);
  } catch (error) {
    return error.data.field;
  }
  return null;
};

test('a new envelope has all 37 fields, and what is saved is read as the same', () => {
  const fresh = saved({});
  assert.equal(Object.keys(fresh).length, 37);
  assert.deepEqual(saved(fresh), fresh);
});

test('what is given stays, what is unknown too', () => {
  const given = { dag_mode: true, failed_stages: { a: 'late' }, iteration: 9007199254740993n, plugin: { x: 1 }, created_at: null };
  for (const [name, value] of Object.entries(given)) assert.deepEqual(saved(given)[name], value);
});

test('what has the wrong type is refused where it stands', () => {
  assert.equal(fieldOf({ outputs: { 'a/b': 7 } }), '/envelope/outputs/a~1b');
  assert.equal(fieldOf({ stage_order: ['a', 1] }), '/envelope/stage_order/1');
  assert.equal(fieldOf({ iteration: -1 }), '/envelope/iteration');
  assert.equal(fieldOf({ received_at: '2025-12-11T09:30:00' }), '/envelope/received_at');
});

test('a legacy question is not dropped', () => {
  assert.equal('clarification_pending' in saved({ clarification_pending: {} }), false);
  assert.equal(fieldOf({ confirmation_pending: 'Delete it?' }), '/envelope/confirmation_pending');
  assert.equal(fieldOf({ clarification_pending: 0 }), '/envelope/clarification_pending');
});

test('the flag says what the interrupt says', () => {
  const interrupt = { id: 'i', kind: 'timeout' };
  assert.equal(saved({ interrupt }).interrupt_pending, true);
  assert.equal(saved({ interrupt: { ...interrupt, response: {} } }).interrupt_pending, false);
  assert.equal(saved({ interrupt: { ...interrupt, status: 'expired' } }).interrupt_pending, false);
  assert.equal(fieldOf({ interrupt, interrupt_pending: false }), '/envelope/interrupt_pending');
  assert.equal(fieldOf({ interrupt: { id: '', kind: 'timeout' } }), '/envelope/interrupt/id');
  assert.equal(fieldOf({ interrupt: { id: 'i', kind: 'agent_review' } }), '/envelope/interrupt/kind');
});
