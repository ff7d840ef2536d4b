"""A twin of a mail server on a socket of its own: it speaks SMTP, and answers as its script says."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class SmtpTwin:
    """Takes letters; `script` names what goes wrong at each connection in turn, and nothing does after its end.

    `busy` refuses for now, `no such user` for good, `too big` refuses the letter itself, `sign in` the password, `silent`
    never says a word, `lost` takes the letter and hangs up before it says so, `drip` answers a letter at a time.
    """

    def __init__(self, *script: str) -> None:
        """Listen on a free port."""
        self.script = list(script)
        self.letters: list[EmailMessage] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def end(self) -> None:
        """Hang up on everybody and stop listening."""
        self._ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            fault = self.script.pop(0) if self.script else ""
            connection.settimeout(5)
            with connection:
                try:
                    self._talk(connection, fault)
                except OSError:
                    continue

    def _talk(self, connection: socket.socket, fault: str) -> None:
        def say(line: str) -> None:
            connection.sendall(line.encode() + b"\r\n")

        if fault == "silent":
            self._ended.wait(5)
            return
        if fault == "drip":
            while not self._ended.wait(0.05):
                connection.sendall(b"2")
            return
        say("220 twin ESMTP")
        with connection.makefile("rb") as lines:
            for line in lines:
                word = line.split()[0].upper() if line.split() else b""
                match word:
                    case b"EHLO":
                        say("250-twin")
                        say("250 AUTH PLAIN")
                    case b"AUTH":
                        say("535 no" if fault == "sign in" else "235 ok")
                    case b"RCPT" if fault == "busy":
                        say("451 greylisted")
                    case b"RCPT" if fault == "no such user":
                        say("550 no such user")
                    case b"DATA":
                        say("354 go on")
                        self._take(lines, say, fault)
                        if fault == "lost":
                            return
                    case b"QUIT":
                        say("221 bye")
                        return
                    case _:
                        say("250 ok")

    def _take(self, lines, say, fault: str) -> None:  # type: ignore[no-untyped-def]
        body = b""
        for line in lines:
            if line == b".\r\n":
                break
            body += line.removeprefix(b".") if line.startswith(b"..") else line
        if fault == "too big":
            say("552 too big")
            return
        letter = message_from_bytes(body, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        if fault != "lost":
            say("250 taken")


@contextmanager
def mail_server(*script: str) -> Iterator[SmtpTwin]:
    """Give a twin that is ended afterwards."""
    twin = SmtpTwin(*script)
    try:
        yield twin
    finally:
        twin.end()
