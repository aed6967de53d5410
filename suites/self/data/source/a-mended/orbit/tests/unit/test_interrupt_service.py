"""Interrupts without a database."""

from orbit.control.services.interrupt_service import InterruptService


def test_a_service_is_made():
    assert InterruptService() is not None
