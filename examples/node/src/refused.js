/** A request that is refused under one of the contract's names; `more` may hold `field` and `interrupt_status`. */
export class Refused extends Error {
  constructor(name, message, more = {}) {
    super(message);
    this.data = { name, ...more };
  }
}

export const invalid = (field, message) => new Refused('invalid', message, field ? { field } : {});
