import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, micros, parse } from '../src/instant.js';

test('an instant is written in UTC with six digits, however it was given', () => {
  const rows = [
    ['2025-12-11T10:30:00+01:00', '2025-12-11T09:30:00.000000Z'],
    ['2025-12-11t09:30:00.123456789z', '2025-12-11T09:30:00.123456Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000000Z'],
    ['1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999Z'],
    ['9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999999Z'],
    ['2024-02-29T23:59:59-05:45', '2024-03-01T05:44:59.000000Z'],
  ];
  for (const [given, written] of rows) assert.equal(format(parse(given)), written);
});

test('what is no time is none', () => {
  const rows = [
    '2025-12-11', '2025-12-11T09:30:00', '2025-02-29T00:00:00Z', '2025-12-11T23:59:60Z', '2025-12-11T24:00:00Z', '2025-12-11 09:30:00Z',
    '2025-12-11T09:30:00.Z', '2025-12-11T09:30:00.1234567890Z', '2025-12-11T09:30:00+24:00', '0000-12-31T23:59:59Z',
    '0001-01-01T00:00:00+00:01', '9999-12-31T23:59:59-00:01', '2025-12-11T09:30:00Z\n', '2025-13-01T00:00:00Z',
  ];
  for (const text of rows) assert.equal(parse(text), null, text);
});

test('seconds are rounded to the nearest microsecond', () => {
  assert.equal(micros(0.0000004), 0n);
  assert.equal(micros(0.0000005), 1n);
  assert.equal(micros(1.1), 1_100_000n);
  assert.equal(micros(9007199254740993n), 9007199254740993_000000n);
});
