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
  confirmation_pending: boolean;
  metadata: Record<string, unknown>;
}
