"""The statements on the table of interrupts."""


class InterruptTable:
    def __init__(self, connection):
        self._connection = connection

    async def expire_pending(self, now):
        return await self._connection.fetch_all(
            """
            UPDATE flow_interrupts
            SET status = 'expired'
            WHERE status = 'pending' AND expires_at < $1
            RETURNING id, request_id, kind
            """,
            (now,),
        )
