"""The line to DIAN: one signed question at a time, one typed outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addons.edi.errors import AuthorityFaultError
from addons.edi.services import HABILITATION, NotKnown
from addons.l10n_co_dian.soap.client import DianClient
from addons.l10n_co_dian.soap.duplicates import settle_duplicate
from addons.l10n_co_dian.soap.outcomes import Duplicate, Faulted, is_not_found
from addons.l10n_co_dian.soap.package import pack
from core.i18n import _
from core.outcome import Outcome, Unreachable

if TYPE_CHECKING:
    from addons.edi.services import Identity, IssuerFacts, Parcel
    from core.clock import Clock


class DianChannel:
    """Sends and asks for one issuer; the request is signed with the certificate of the documents.

    An issuer with a test set, in habilitation, hands its documents to it: DIAN answers those later,
    by the key of the archive.
    """

    def __init__(
        self, issuer: IssuerFacts, identity: Identity, clock: Clock, *, timeout: float
    ) -> None:
        self._test_set = issuer.test_set_id if issuer.environment == HABILITATION else ""
        self._client = DianClient(
            issuer.service_url, identity.key, identity.chain, clock, timeout=timeout
        )

    def send(self, parcel: Parcel) -> Outcome:
        """Send one document; for a number that DIAN holds already, find out whose it is."""
        archive = pack(parcel.file_name, parcel.signed)
        name = parcel.file_name.replace(".xml", ".zip")
        if self._test_set:
            return _believed(self._client.send_test_set_async(name, archive, self._test_set))
        outcome = self._client.send_bill_sync(name, archive, expected_code=parcel.code)
        return _believed(self._settled(parcel, outcome))

    def ask(self, parcel: Parcel) -> Outcome:
        """Ask by the key of the archive where a test set gave one, else by the document's code."""
        if not (self._test_set and parcel.key):
            return _believed(self._client.get_status(parcel.code))
        outcome = self._client.get_status_zip(parcel.key, expected_code=parcel.code)
        return _believed(self._settled(parcel, outcome))

    def _settled(self, parcel: Parcel, outcome: Outcome) -> Outcome:
        if not isinstance(outcome, Duplicate):
            return outcome
        return settle_duplicate(self._client, parcel.code, parcel.sha256, stored_key=outcome.key)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


def _believed(outcome: Outcome) -> Outcome:
    """Give an outcome that speaks of the document; a fault speaks of our request."""
    if isinstance(outcome, Unreachable) and is_not_found(outcome):
        return NotKnown(outcome.reason, maybe_delivered=True)
    if isinstance(outcome, Faulted):
        rule = outcome.rules[0]
        raise AuthorityFaultError(
            _("The authority's service refused the request: {reason}", reason=rule.text),
            rule=rule.rule,
        )
    return outcome
