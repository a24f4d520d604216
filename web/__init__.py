"""The web: the form for participants and the view for staff, two thin channels on the same engine."""

from web.app import build_web as build_web

__all__ = ["build_web"]
