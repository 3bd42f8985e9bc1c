from core.web.tests.conftest import hooks, house, site

__all__ = ["hooks", "house", "site"]
