"""The visual shell: page templates, components and static files that every addon draws with."""
