DROP TABLE IF EXISTS pending_confirmations CASCADE;
DROP TABLE IF EXISTS pending_clarifications CASCADE;

CREATE TABLE IF NOT EXISTS flow_interrupts (
    id UUID PRIMARY KEY,
    request_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending',
    data JSONB NOT NULL DEFAULT '{}'
);
