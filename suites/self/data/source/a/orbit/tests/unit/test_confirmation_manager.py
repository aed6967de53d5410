"""Confirmations, managed."""

import pytest

from orbit.control.confirmation_manager import ConfirmationManager


@pytest.fixture
def manager():
    return ConfirmationManager()


def test_a_confirmation_is_asked_for(manager):
    assert manager.ask("deploy?").pending
