"""What tests stand on: servers found or started, throw-away databases, a browser, no network.

The root ``conftest.py`` registers ``core.testing.plugin``; everything else is a fixture.
"""
