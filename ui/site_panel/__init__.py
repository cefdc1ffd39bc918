"""The panel in which a site is given: for which project, how, within what limit, and what comes of it."""

from .panel import SitePanel
from .values import Options, Shown, Target

__all__ = ("Options", "Shown", "SitePanel", "Target")
