"""Sends messages as e-mail through the company's SMTP server."""

import re
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from dispatch.errors import BadInput, Unavailable
from dispatch.model.outgoing import Channel, Outgoing
from dispatch.model.said import Said, said
from dispatch.notify.deadline import within

MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")

DEADLINES = 4
"""A whole exchange may take so many times the time-out of one answer; a server that drips is cut off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailChannel:
    """An SMTP server to hand messages to; `security` is `starttls`, `tls` or `none`."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    sender: str
    timeout_s: float
    context: ssl.SSLContext | None = None

    @property
    def channel(self) -> Channel:
        """Give which channel this is."""
        return Channel.EMAIL

    def refuses(self, to: str) -> Said | None:
        """Say why nothing can be sent to an address: it is not exactly one plain e-mail address."""
        return None if len(to) <= 254 and MAIL_ADDRESS.fullmatch(to) else said("notify.no_email", to=to[:254])

    def send(self, message: Outgoing, *, now: datetime) -> None:
        """Hand a message to the server and return when it has taken it."""
        if (why := self.refuses(message.to)) is not None:
            raise BadInput(why.code, **why.named())
        letter = self._letter(message, now)
        server = self._server()
        try:
            with within(self.timeout_s * DEADLINES, lambda: server.sock):
                server.connect(self.host, self.port)
                if self.security == "starttls":
                    server.starttls(context=self.context or ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(letter, from_addr=self.sender, to_addrs=[message.to])
                server.quit()
        except smtplib.SMTPAuthenticationError as error:
            raise Unavailable("notify.smtp_sign_in", host=self.host, reply=error.smtp_code) from error
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            if 500 <= code < 600:
                raise BadInput("notify.email_refused", to=message.to, reply=code) from error
            raise Unavailable("notify.smtp_later", host=self.host, reply=code) from error
        except smtplib.SMTPResponseException as error:
            if isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600:
                raise BadInput("notify.email_refused", to=message.to, reply=error.smtp_code) from error
            raise Unavailable("notify.smtp_later", host=self.host, reply=error.smtp_code) from error
        except ssl.SSLError as error:
            raise Unavailable("notify.smtp_tls", host=self.host) from error
        except smtplib.SMTPNotSupportedError as error:
            raise Unavailable("notify.smtp_tls", host=self.host) from error
        except (smtplib.SMTPException, OSError, ValueError, AttributeError) as error:
            # A connection cut off in the midst of an answer shows as one of the last two.
            raise Unavailable("notify.smtp_silent", host=self.host, port=self.port) from error
        finally:
            server.close()

    def _server(self) -> smtplib.SMTP:
        """Give a connection that is not made yet."""
        # The name is given, for looking up our own can take longer than the whole exchange.
        name = self.sender.rpartition("@")[2]
        if self.security == "tls":
            context = self.context or ssl.create_default_context()
            return _Tls(self.host, local_hostname=name, timeout=self.timeout_s, context=context)
        return _Plain(self.host, local_hostname=name, timeout=self.timeout_s)

    def _letter(self, message: Outgoing, now: datetime) -> EmailMessage:
        letter = EmailMessage()
        letter["From"] = self.sender
        letter["To"] = message.to
        letter["Subject"] = " ".join(message.subject.split())
        letter["Date"] = format_datetime(now)
        # Whoever gets it twice, because an answer was lost, sees by this that it is the same.
        letter["Message-ID"] = f"<{message.id}@{self.sender.rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"
        if message.urgent:
            letter["Importance"] = "high"
        letter.set_content(f"{message.text}\n\n{message.link}\n" if message.link else f"{message.text}\n")
        return letter


class _Plain(smtplib.SMTP):
    """A connection that is made later, and knows by then whose certificate to expect."""

    def __init__(self, host: str, *, local_hostname: str, timeout: float) -> None:
        super().__init__(local_hostname=local_hostname, timeout=timeout)
        self._host = host


class _Tls(smtplib.SMTP_SSL):
    """The same, safe from its first byte on."""

    def __init__(self, host: str, *, local_hostname: str, timeout: float, context: ssl.SSLContext) -> None:
        super().__init__(local_hostname=local_hostname, timeout=timeout, context=context)
        self._host = host
