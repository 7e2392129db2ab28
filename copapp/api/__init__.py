"""HTTP for phones and calendars: parse, call one service, present."""

from copapp.api.application import create_api

__all__ = ["create_api"]
