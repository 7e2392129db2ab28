"""Reflex's own settings; ours are in `copapp/settings.py`."""

import reflex as rx

from copapp.offline.plugin import CompanionPlugin

config = rx.Config(
    app_name="copapp",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    cors_allowed_origins=["null"],
    state_manager_mode="memory",
    react_strict_mode=False,
    frontend_lazy_bundled_libraries=True,
    frontend_compression_formats=[],
    plugins=[CompanionPlugin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
