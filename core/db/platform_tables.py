"""The tables that belong to nobody, in one list: everything else belongs to one business.

They hold no business data, have no row-level security and are reached by ``PlatformSession`` only.
Adding one is a decision: say why it cannot belong to a business.
"""

from __future__ import annotations

from typing import Final

PLATFORM_TABLES: Final[dict[str, str]] = {
    "core_addon": "what is installed in this database",
    "core_addon_generation": "tells every process that it is old",
    "core_addon_table": "whose table it is, even when the code is gone",
    "core_epoch": "read before the business's session begins its work",
    "core_login_failure": "counts tries with an e-mail before anybody is known",
    "core_login_session": "the cookie is looked up before the business is known",
    "core_membership": "which businesses a person may choose",
    "core_schedule": "workers look for due work across businesses",
    "core_tenant": "the businesses themselves",
    "core_token_index": "an API token is looked up before its business is known",
    "core_user": "a person may belong to several businesses",
    "core_wakeup": "workers look for waiting work across businesses",
}
