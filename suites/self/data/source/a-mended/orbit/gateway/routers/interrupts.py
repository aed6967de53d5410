"""The routes of interrupts."""

from fastapi import APIRouter, Depends, Request

from orbit.control.services.interrupt_service import InterruptService

router = APIRouter(prefix="/interrupts")


def get_interrupt_service(request: Request) -> InterruptService:
    return request.app.state.interrupt_service


@router.get("/{interrupt_id}")
async def get_interrupt(interrupt_id: str, service: InterruptService = Depends(get_interrupt_service)):
    return await service.get_interrupt(interrupt_id)
