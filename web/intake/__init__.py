"""Where clients' words come in by themselves: WhatsApp's webhook, and the inbox with the chat beside the draft."""

from web.intake.hooks import bp as hooks_bp
from web.intake.inbox import bp

__all__ = ["bp", "hooks_bp"]
