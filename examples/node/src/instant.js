// An instant is a BigInt: microseconds since 1970 in UTC. A Date has milliseconds, a double of microseconds ends in 2255.

const FORM = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;
const FIRST = BigInt(Date.parse('0001-01-01T00:00:00Z')) * 1000n;

export const LAST = BigInt(Date.parse('9999-12-31T23:59:59.999Z')) * 1000n + 999n;

/** Reads an RFC 3339 time; what is finer than a microsecond is cut off. null when it is none, or out of the years 1 to 9999. */
export function parse(text) {
  const [, date, time, fraction = '', sign, hours = '0', minutes = '0'] = FORM.exec(text) ?? [];
  if (!date || date.startsWith('0000')) return null;
  const local = Date.parse(`${date}T${time}Z`);
  // Date.parse makes March of the 30th of February: what it read must be what was written.
  if (Number.isNaN(local) || new Date(local).toISOString().slice(0, 19) !== `${date}T${time}`) return null;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60_000 : 60_000);
  const instant = BigInt(local - offset) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6));
  return instant < FIRST || instant > LAST ? null : instant;
}

/** 2025-12-11T09:30:00.000000Z; null stays null. */
export function format(instant) {
  if (instant === null) return null;
  const micros = ((instant % 1000n) + 1000n) % 1000n;
  const millis = new Date(Number((instant - micros) / 1000n)).toISOString().slice(0, -1);
  return `${millis}${String(micros).padStart(3, '0')}Z`;
}

/** A number of seconds as microseconds, rounded to the nearest; the parts are exact, so that no product rounds twice. */
export function micros(seconds) {
  if (typeof seconds === 'bigint') return seconds * 1_000_000n;
  const whole = Math.trunc(seconds);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((seconds - whole) * 1e6));
}
