"""One browser: a kept-alive connection and its cookies, nothing but the standard library."""

import http.client
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and how many seconds passed until its last byte."""

    status: int
    text: str
    seconds: float

    @property
    def token(self) -> str:
        """The form token of the page."""
        found = TOKEN.search(self.text)
        if found is None:
            raise LookupError("This page has no form token.")
        return found[1]


@dataclass(slots=True)
class Browser:
    """Asks one server; redirects are not followed."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    wire: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def companion(self) -> "Browser":
        """Another connection of the same sign-in."""
        return Browser(self.port, dict(self.cookies))

    def cookie(self) -> str:
        """The Cookie header."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, encodings: str = "identity") -> Answer:
        """Do one request."""
        headers = {"Accept-Encoding": encodings, "Accept-Language": "fr", "Cookie": self.cookie()}
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        self.wire.request(method, path, body, headers)
        response = self.wire.getresponse()
        content = response.read()
        seconds = time.perf_counter() - begun
        for line in response.msg.get_all("Set-Cookie") or []:
            name, _equals, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, content.decode(errors="replace"), seconds)

    def get(self, path: str, encodings: str = "identity") -> Answer:
        """A page that must be there."""
        answer = self.ask("GET", path, encodings=encodings)
        if answer.status != http.client.OK:
            raise RuntimeError(f"GET {path} answered {answer.status}: {answer.text[:300]}")
        return answer

    def sign_in(self, email: str, password: str) -> "Browser":
        """Sign in through the form, as anyone does."""
        form = {"email": email, "password": password, "next": "", "csrf_token": self.get("/connexion").token}
        answer = self.ask("POST", "/connexion", form)
        if answer.status != http.client.FOUND:
            raise RuntimeError(f"{email} could not sign in: {answer.status}")
        return self
