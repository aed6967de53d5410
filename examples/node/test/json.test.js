import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonical, read, write } from '../src/json.js';

const readText = (text) => read(Buffer.from(text));

test('what is read is written as it was', () => {
  for (const text of ['{"a":[1,-0.5,{"b":null}],"":true}', '[]', '{"__proto__":{"x":1}}', '9223372036854775807', '-9223372036854775808']) {
    assert.equal(write(readText(text)), text);
  }
});

test('a member called __proto__ is a member like any other', () => {
  const value = readText('{"__proto__":{"admin":true}}');
  assert.equal(value.admin, undefined);
  assert.deepEqual(Object.keys(value), ['__proto__']);
});

test('what JSON.parse forgives is refused', () => {
  const rows = [
    '{"a":1,"a":1}', '{"a":1,"\\u0061":2}', '"\\u0000"', '"\\ud800"', '"\\udc00\\ud800"', '9223372036854775808', '1e400', '01', '{"a":1,}',
    '[1] [2]', '', '\ufeff1', `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
  ];
  for (const text of rows) assert.throws(() => readText(text), SyntaxError, text.slice(0, 20));
  assert.throws(() => read(Buffer.from([0x22, 0xff, 0x22])), SyntaxError);
});

test('escapes are read, a whole surrogate pair among them', () => {
  assert.equal(readText('"\\ud83e\\uddf9\\n\\"\\\\u0000"'), '🧹\n"\\u0000');
});

test('what can be read can be copied and written, however deep', () => {
  const nested = (levels) => `${'{"a":['.repeat(levels / 2)}1${']}'.repeat(levels / 2)}`;
  const deepest = readText(nested(1200));
  assert.equal(write(structuredClone(deepest)), canonical(deepest));
  assert.throws(() => readText(nested(1202)), SyntaxError);
});

test('one value has one canonical text', () => {
  assert.equal(canonical(readText('{"b":1.0,"a":[1e2,"\\u0061"]}')), canonical(readText('{"a":[100,"a"],"b":1}')));
  assert.equal(canonical(readText('1152921504606846976')), canonical(readText('1152921504606846976.0')));
  assert.notEqual(canonical(readText('9007199254740993')), canonical(readText('9007199254740992')));
});
