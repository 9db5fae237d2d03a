"""An organizer's own system: an HTTP server that keeps the requests it gets and responds as a test says."""

import ssl
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class ReceivedRequest:
    path: str
    headers: dict[str, str]
    body: str


class RequestHandler(BaseHTTPRequestHandler):
    server: "Receiver"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        status = self.server.receive(ReceivedRequest(self.path, dict(self.headers), body))
        self.send_response(status)
        self.send_header("Location", f"{self.server.url}/elsewhere")
        self.send_header("Content-Length", str(len(self.server.text)))
        self.end_headers()
        self.wfile.write(self.server.text)

    do_GET = do_POST  # noqa: N815 - http.server's name

    def log_message(self, *_: Any) -> None: ...


class Receiver(ThreadingHTTPServer):
    """Responds with the ``statuses``, one after the other, then with 200; not while ``may_respond`` is cleared."""

    daemon_threads = True

    def __init__(self, *, context: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        super().__init__(("127.0.0.1", 0), RequestHandler)
        self.requests: list[ReceivedRequest] = []
        self.statuses: list[int] = []
        self.text = b"thanks"
        self.may_respond = threading.Event()
        self.may_respond.set()
        self.url = f"{'https' if context else 'http'}://{host}:{self.server_address[1]}"
        if context is not None:
            self.socket = context.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def receive(self, request: ReceivedRequest) -> int:
        self.requests.append(request)
        self.may_respond.wait(30)
        return self.statuses.pop(0) if self.statuses else 200

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that disconnect early, as some tests do."""

    def close(self) -> None:
        self.may_respond.set()
        self.shutdown()
        self.server_close()
