"""HTTP: the routes of docs/server.md, their parameters and refusals, and the controls for conformance runs.

`Site` knows no sockets: a request in, an answer out. server.py puts it on the network."""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from . import strict_json
from .errors import Refused, invalid
from .service import Service

STATUSES = {"invalid": 400, "not_found": 404, "forbidden": 403, "conflict": 409, "unsupported": 501, "unavailable": 503,
            "internal": 500}
ID = "([^/]+)"


@dataclass
class Request:
    method: str
    path: str
    query: str
    headers: dict[str, str]  # names in lower case
    body: bytes | None  # None: it is too large and was not kept


@dataclass
class Answer:
    status: int
    body: dict | None = None
    headers: dict[str, str] = field(default_factory=dict)


class Problem(Exception):
    """A refusal of HTTP's own, or one of an operation under another status."""

    def __init__(self, status: int, refused: Refused, **headers: str):
        super().__init__(str(refused))
        self.status, self.refused, self.headers = status, refused, headers


class Site:
    """One table: a path, and what is done for each method that it takes."""

    def __init__(self, routes: list[tuple[str, dict[str, Callable[..., Answer]]]]):
        self.routes = [(re.compile(path + "/?"), methods) for path, methods in routes]

    def answer(self, request: Request) -> Answer:
        try:
            return self._carry_out(request)
        except Problem as problem:
            return problem_answer(problem.status, problem.refused, problem.headers)
        except Refused as refused:
            return problem_answer(STATUSES[refused.name], refused, {"Retry-After": "1"} if refused.name == "unavailable" else {})

    def _carry_out(self, request: Request) -> Answer:
        for path, methods in self.routes:
            if found := path.fullmatch(request.path):
                break
        else:
            raise Refused("not_found", "there is no such path")
        allowed = ", ".join([*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"])
        if request.method == "OPTIONS":
            return Answer(204, headers={"Allow": allowed})
        act = methods.get("GET" if request.method == "HEAD" else request.method)
        if act is None:
            raise Problem(405, Refused("unsupported", "the path does not take this method"), Allow=allowed)
        check_body(request)
        return act(request, *(unquote_to_bytes(part).decode(errors="replace") for part in found.groups()))


def problem_answer(status: int, refused: Refused, headers: dict[str, str]) -> Answer:
    body = {"type": "urn:holdpoint:problem:" + refused.name, "title": refused.name.replace("_", " "), "status": status,
            "detail": str(refused), **refused.details()}
    return Answer(status, body, {"Content-Type": "application/problem+json", **headers})


def check_body(request: Request) -> None:
    media = re.fullmatch(r'\s*application/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?\s*',
                         request.headers.get("content-type", ""), re.IGNORECASE)
    if request.body != b"" and not media:
        raise Problem(415, invalid("the body must be application/json in UTF-8"))
    if request.body is None or len(request.body) > strict_json.REQUEST_MAX_BYTES:
        raise Problem(413, invalid("the body has more than 1,200,000 bytes"))


def read_body(request: Request) -> dict:
    body = strict_json.loads(request.body or b"")
    if not isinstance(body, dict):
        raise invalid("the body must be an object", "")
    return body


def read_query(request: Request) -> dict[str, list[str]]:
    """Percent-decoded once, and a plus is a plus. A parameter comes once, `kind` excepted."""
    found: dict[str, list[str]] = {}
    for pair in filter(None, request.query.split("&")):
        name, value = (decode(part, pair) for part in (pair.partition("=")[0], pair.partition("=")[2]))
        found.setdefault(name, []).append(value)
    for name, values in found.items():
        if len(values) > 1 and name != "kind":
            raise invalid("the parameter comes more than once", "/" + name)
    return found


def decode(text: str, pair: str) -> str:
    try:
        if re.search("%(?![0-9A-Fa-f]{2})", text) or "\0" in (decoded := unquote_to_bytes(text).decode()):
            raise ValueError
        return decoded
    except ValueError:
        raise invalid("the query is not percent-encoded UTF-8 without NUL", "/" + pair.partition("=")[0]) from None


class Api:
    """The routes for users: everybody says who he is, nobody is trusted."""

    def __init__(self, service: Service, prefix: str, operator_token: str | None):
        self.service, self.prefix, self.operator_token = service, prefix, operator_token
        self.site = Site([
            (f"{prefix}/interrupts", {"GET": self.list, "POST": self.create}),
            (f"{prefix}/interrupts/expire", {"POST": self.expire}),
            (f"{prefix}/interrupts/{ID}", {"GET": self.get, "DELETE": self.cancel}),
            (f"{prefix}/interrupts/{ID}/respond", {"POST": self.respond}),
            (f"(?:{prefix})?/healthz", {"GET": self.health}),
        ])

    def params(self, request: Request, *names: str) -> dict:
        found = {name: values[0] for name, values in read_query(request).items() if name in names}
        if "user_id" not in found:
            raise invalid("it is required", "/user_id")
        return found

    def create(self, request: Request) -> Answer:
        read_query(request)
        interrupt = self.service.create(read_body(request))["interrupt"]
        return Answer(201, interrupt, {"Location": f"{self.prefix}/interrupts/{interrupt['id']}"})

    def get(self, request: Request, interrupt_id: str) -> Answer:
        return Answer(200, self.service.get({"id": interrupt_id, **self.params(request, "user_id")})["interrupt"])

    def list(self, request: Request) -> Answer:
        params = self.params(request, "user_id", "session_id", "request_id", "cursor", "limit", "status_filter")
        params["status"] = params.pop("status_filter", None)
        params["kinds"] = read_query(request).get("kind")
        if re.fullmatch("[0-9]{1,4}", params.get("limit", "")):
            params["limit"] = int(params["limit"])
        try:
            return Answer(200, self.service.list(params))
        except Refused as refused:
            named = {"/status": "/status_filter"}.get(refused.field or "", refused.field)
            raise Refused(refused.name, str(refused), re.sub("^/kinds.*", "/kind", named or "") or None) from None

    def respond(self, request: Request, interrupt_id: str) -> Answer:
        params = {"id": interrupt_id, **self.params(request, "user_id"), "response": read_body(request)}
        try:
            return Answer(200, {"success": True, **self.service.respond(params)})
        except Refused as refused:  # there the body is a member of the params
            if refused.field is not None:
                refused.field = refused.field.removeprefix("/response")
            raise

    def cancel(self, request: Request, interrupt_id: str) -> Answer:
        self.service.cancel({"id": interrupt_id, **self.params(request, "user_id", "reason")})
        return Answer(204)

    def expire(self, request: Request) -> Answer:
        given = request.headers.get("authorization", "").encode()
        if self.operator_token is None or not hmac.compare_digest(given, f"Bearer {self.operator_token}".encode()):
            raise Problem(401, Refused("forbidden", "this is for the operator, who has a token"))
        return Answer(200, self.service.expire_pending({}))

    def health(self, request: Request) -> Answer:
        self.service.store.now()
        return Answer(200, {"status": "ok"})


def controls(service: Service) -> Site:
    """What HTTP has no route for. Whoever reaches this may delete everything."""
    def call(request: Request) -> Answer:
        body = read_body(request)
        return Answer(200, {"result": service.call(body.get("method"), body.get("params"))})
    return Site([("/reset", {"POST": lambda request: Answer(200, service.reset({}))}),
                 ("/clock", {"POST": lambda request: Answer(200, service.set_clock(read_body(request)))}),
                 ("/drain", {"POST": lambda request: Answer(200, service.drain({}))}),
                 ("/call", {"POST": call})])
