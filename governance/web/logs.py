"""What is written down for whoever runs the installation: JSON lines on standard error, never a token or a form."""

from __future__ import annotations

import sys
from typing import Any

import structlog


class _StandardError:
    """Standard error as it is when a line is written, so that whoever redirects it later is heard."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def install() -> None:
    """Set up the log for this process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _without_arguments,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(_StandardError()),  # type: ignore[arg-type]  # writes and flushes
        cache_logger_on_first_use=False,
    )


def _without_arguments(_logger: Any, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """SQLAlchemy's errors repeat the values of the statement, which may be a password's hash or a name."""
    told = event.get("exception")
    if isinstance(told, str):
        event["exception"] = "\n".join(line for line in told.splitlines() if not line.startswith("[parameters:"))
    return event
