"""The routes of interrupts."""

from fastapi import APIRouter, Depends

from orbit.control.services.interrupt_service import InterruptService

router = APIRouter(prefix="/interrupts")


def get_interrupt_service() -> InterruptService:
    # Would come from app.state in production.
    return InterruptService()


@router.get("/{interrupt_id}")
async def get_interrupt(interrupt_id: str, service: InterruptService = Depends(get_interrupt_service)):
    return await service.get_interrupt(interrupt_id)
