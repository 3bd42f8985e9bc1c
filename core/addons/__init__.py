"""How addons are described, found, ordered, loaded and switched on per business."""

from core.addons.manifest import AddonManifest
from core.addons.specs import hookimpl

__all__ = ["AddonManifest", "hookimpl"]
