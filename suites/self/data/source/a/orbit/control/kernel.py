"""The kernel: processes, and what they wait for."""

from orbit.control.types import InterruptType
from orbit.protocols.interrupts import InterruptKind


class Kernel:
    def __init__(self, interrupts):
        self._interrupts = interrupts

    async def handle_interrupt(self, pid, kind, data):
        kind_map = {
            InterruptType.CLARIFICATION: InterruptKind.CLARIFICATION,
            InterruptType.CONFIRMATION: InterruptKind.CONFIRMATION,
            InterruptType.TIMEOUT: InterruptKind.TIMEOUT,
            InterruptType.RESOURCE_EXHAUSTED: InterruptKind.RESOURCE_EXHAUSTED,
            InterruptType.SYSTEM_ERROR: InterruptKind.SYSTEM_ERROR,
        }
        flow_kind = kind_map.get(kind, InterruptKind.SYSTEM_ERROR)
        return await self._interrupts.create_interrupt(flow_kind, pid, data)
