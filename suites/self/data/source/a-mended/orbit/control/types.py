"""What the control tower knows of processes."""

from enum import Enum


class ProcessState(str, Enum):
    NEW = "new"
    RUNNING = "running"
    BLOCKED = "blocked"
    TERMINATED = "terminated"


class InterruptType(str, Enum):
    """Why a process stands still."""

    CLARIFICATION = "clarification"
    CONFIRMATION = "confirmation"
    CRITIC_REVIEW = "critic_review"
    CHECKPOINT = "checkpoint"
    TIMEOUT = "timeout"
    RESOURCE_EXHAUSTED = "resource_exhausted"
    SYSTEM_ERROR = "system_error"
