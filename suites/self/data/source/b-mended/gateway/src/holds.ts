export type WireReason =
  | 'clarification'
  | 'confirmation'
  | 'critic_review'
  | 'checkpoint'
  | 'resource_exhausted'
  | 'timeout'
  | 'system_error';

export const GATE_REASONS = [
  'clarification',
  'confirmation',
  'critic_review',
  'checkpoint',
  'resource_exhausted',
  'timeout',
  'system_error',
] as const;

export type GateReason = (typeof GATE_REASONS)[number];

export enum Reason {
  Clarification = 'clarification',
  Confirmation = 'confirmation',
  CriticReview = 'critic_review',
  Checkpoint = 'checkpoint',
  ResourceExhausted = 'resource_exhausted',
  Timeout = 'timeout',
  SystemError = 'system_error',
}

export const toReason: Partial<Record<WireReason, Reason>> = {
  clarification: Reason.Clarification,
  confirmation: Reason.Confirmation,
  critic_review: Reason.CriticReview,
  checkpoint: Reason.Checkpoint,
  resource_exhausted: Reason.ResourceExhausted,
  timeout: Reason.Timeout,
  system_error: Reason.SystemError,
};

export interface CarrierEnvelope {
  envelope_id: string;
  request_id: string;
  user_id: string;
  session_id: string;
  current_stage: string;
  stage_order: string[];
  iteration: number;
  terminated: boolean;
  interrupt_pending: boolean;
  interrupt: Record<string, unknown> | null;
  metadata: Record<string, unknown>;
}

const described = (reason: Reason, event: string, field: string | null) => [reason, { event, field }] as const;

export const REASONS_IN_WORDS = new Map([
  described('clarification', 'clarification_needed', 'text'),
  described('confirmation', 'confirmation_needed', 'approved'),
  described('critic_review', 'critic_review', 'decision'),
  described('checkpoint', 'checkpoint', null),
  described('resource_exhausted', 'resource_exhausted', null),
  described('timeout', 'timeout', null),
  described('system_error', 'system_error', null),
]);
