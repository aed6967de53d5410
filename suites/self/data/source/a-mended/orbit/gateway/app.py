"""The application: what lives as long as the program does."""

from fastapi import FastAPI

from orbit.control.services.interrupt_service import InterruptService
from orbit.gateway.routers import interrupts


def make_app():
    app = FastAPI()
    app.state.interrupt_service = InterruptService()
    app.include_router(interrupts.router)
    return app
