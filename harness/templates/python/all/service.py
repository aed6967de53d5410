"""What is yours: a function for each method that your service can do. README.md says what each takes and answers."""

VERSION = "0.1"

KINDS = ["clarification", "confirmation", "critic_review", "checkpoint", "resource_exhausted", "timeout", "system_error"]
STATUSES = ["pending", "resolved", "expired", "cancelled"]
DECISIONS = ["approve", "reject", "modify"]


class Refused(Exception):
    """Raise it for what the service refuses: Refused("conflict", "it is answered", interrupt_status="resolved")."""

    def __init__(self, name, message, **more):
        super().__init__(message)
        self.data = {"name": name, **more}


def describe(params):
    return {"kinds": KINDS, "statuses": STATUSES, "decisions": DECISIONS}


# What stands here is declared, and nothing else: add "interrupt.create": create when create works.
METHODS = {
    "describe": describe,
}

# Promises for which there is no method: "concurrent", "instants".
ALSO = []
