const hours = 3600n * 1_000_000n;
const minutes = 60n * 1_000_000n;

const kind = (name, ttl, needs, event, autoExpires = true) => [name, { ttl, needs, event: `interrupt.${event}`, autoExpires }];

/** By name: the default time to live in microseconds, the field that a response needs, the event of a creation. */
export const KINDS = new Map([
  kind('clarification', 24n * hours, 'text', 'clarification_needed'),
  kind('confirmation', 1n * hours, 'approved', 'confirmation_needed'),
  kind('critic_review', 30n * minutes, 'decision', 'critic_review'),
  kind('checkpoint', null, null, 'checkpoint', false),
  kind('resource_exhausted', 5n * minutes, null, 'resource_exhausted'),
  kind('timeout', 5n * minutes, null, 'timeout'),
  kind('system_error', 1n * hours, null, 'system_error'),
]);

export const STATUSES = ['pending', 'resolved', 'expired', 'cancelled'];
export const DECISIONS = ['approve', 'reject', 'modify'];

export const describe = () => ({ kinds: [...KINDS.keys()], statuses: STATUSES, decisions: DECISIONS });
