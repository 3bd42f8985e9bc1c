"""The commands of ``manage.py`` that the core brings; addons add theirs through a hook."""
