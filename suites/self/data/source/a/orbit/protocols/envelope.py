"""The envelope that travels between Python and Go."""

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional


@dataclass
class GenericEnvelope:
    envelope_id: str = ""
    request_id: str = ""
    user_id: str = ""
    session_id: str = ""
    raw_input: str = ""
    outputs: Dict[str, Dict[str, Any]] = field(default_factory=dict)
    current_stage: str = "start"
    stage_order: List[str] = field(default_factory=list)
    iteration: int = 0
    max_iterations: int = 3
    terminated: bool = False
    termination_reason: Optional[str] = None
    clarification_pending: bool = False
    confirmation_pending: bool = False
    errors: List[Dict[str, Any]] = field(default_factory=list)
    metadata: Dict[str, Any] = field(default_factory=dict)
