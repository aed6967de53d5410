// What is yours: a function for each method that your service can do. README.md says what each takes and answers.

export const VERSION = '0.1'

const KINDS = ['clarification', 'confirmation', 'critic_review', 'checkpoint', 'resource_exhausted', 'timeout', 'system_error']
const STATUSES = ['pending', 'resolved', 'expired', 'cancelled']
const DECISIONS = ['approve', 'reject', 'modify']

// Throw it for what the service refuses: new Refused('conflict', 'it is answered', { interrupt_status: 'resolved' }).
export class Refused extends Error {
  constructor (name, message, more = {}) {
    super(message)
    this.data = { name, ...more }
  }
}

const describe = async () => ({ kinds: KINDS, statuses: STATUSES, decisions: DECISIONS })

// What stands here is declared, and nothing else: add 'interrupt.create': create when create works.
export const METHODS = {
  describe
}

// Promises for which there is no method: 'concurrent', 'instants'.
export const ALSO = []
