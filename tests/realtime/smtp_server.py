"""A mail server that keeps what it gets; it speaks just enough SMTP for Django to hand a mail over."""

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage


class Handler(socketserver.StreamRequestHandler):
    server: "MailSink"

    def handle(self) -> None:
        self.reply("220 ready")
        while line := self.rfile.readline().strip():
            verb = line[:4].upper()
            if verb == b"RCPT" and any(address.encode() in line for address in self.server.refused):
                self.reply("550 no such mailbox")
            elif verb == b"DATA":
                self.reply("354 go on")
                self.server.take(self.read_mail())
                self.reply("250 kept")
            elif verb == b"QUIT":
                self.reply("221 bye")
                return
            else:
                self.reply("250 ok")

    def read_mail(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        return b"".join(lines)

    def reply(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class MailSink(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.mails: list[EmailMessage] = []
        self.refused: set[str] = set()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def take(self, data: bytes) -> None:
        self.mails.append(message_from_bytes(data, policy=policy.default))  # type: ignore[arg-type]  # the policy makes EmailMessages

    def close(self) -> None:
        self.shutdown()
        self.server_close()
