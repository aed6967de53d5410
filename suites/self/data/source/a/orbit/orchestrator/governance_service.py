"""What the memory layers keep."""

MEMORY_LAYERS = [
    {"layer": "L3", "tables": ["session_state"]},
    {
        "layer": "L4",
        "tables": ["session_state", "open_loops", "pending_clarifications"],
    },
]
