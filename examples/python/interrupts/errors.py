"""How an operation says no."""


class Refused(Exception):
    """`name` is one of the contract's seven; `field` points to what is at fault in the request, `status` comes with a conflict."""

    def __init__(self, name: str, message: str, field: str | None = None, status: str | None = None):
        super().__init__(message)
        self.name, self.field, self.status = name, field, status

    def details(self) -> dict[str, str]:
        known = {"name": self.name, "field": self.field, "interrupt_status": self.status}
        return {key: value for key, value in known.items() if value is not None}


def invalid(message: str, field: str | None = None) -> Refused:
    return Refused("invalid", message, field)
