"""Interrupts: created, answered, expired."""

from orbit.protocols.interrupts import FlowInterrupt


class InterruptService:
    def __init__(self, db=None):
        self._db = db
        self._memory = {}

    async def create_interrupt(self, kind, request_id, data):
        interrupt = FlowInterrupt(id=request_id, kind=kind, request_id=request_id, user_id="", session_id="", data=data)
        if self._db:
            await self._db.insert("flow_interrupts", interrupt)
        else:
            self._memory[interrupt.id] = interrupt
        return interrupt

    async def expire_pending(self, now):
        rows = await self._db.fetch_all(
            """
            UPDATE flow_interrupts
            SET status = 'expired'
            WHERE status = 'pending' AND expires_at < $1
            RETURNING id, request_id, kind
            """,
            (now,),
        )
        return len(rows)
