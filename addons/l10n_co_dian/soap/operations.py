"""The operations of ``WcfDianCustomerServices``: their parameters in order and what they answer.

Source: the service's WSDL (13 operations, about 2022) and the three operations that DIAN added
later (``GetAcquirer`` by Resolución 000202 of 2025, ``GetReferenceNotes``, ``GetDocumentInfo``).
"""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

#: Namespaces of the messages; the prefixes are those that the signature's PrefixList names.
SOAP: Final = "http://www.w3.org/2003/05/soap-envelope"
WSA: Final = "http://www.w3.org/2005/08/addressing"
WCF: Final = "http://wcf.dian.colombia"
ARRAYS: Final = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
CONTRACT: Final = "http://schemas.datacontract.org/2004/07/"

_ACTION: Final = f"{WCF}/IWcfDianCustomerServices/"
#: Where WCF sends a fault that no operation answers.
FAULT_ACTION: Final = f"{WSA}/soap/fault"


class Answers(Enum):
    """The data contract an operation answers with; the value is its namespace's last step."""

    DOCUMENT = "DianResponse"
    DOCUMENTS = "DianResponse#list"
    UPLOAD = "UploadDocumentResponse"
    RANGES = "NumberRangeResponseList"
    STORED = "EventResponse"
    EMAILS = "ExchangeEmailResponse"
    IDENTIFIERS = "DocIdentifierWithEventsResponse"
    ACQUIRER = "AcquirerResponse"

    @property
    def namespace(self) -> str:
        """The namespace of the fields of the answer."""
        return CONTRACT + self.value.partition("#")[0]


class Operation(NamedTuple):
    """One operation: its name, its parameters in the order of the schema, its answer."""

    name: str
    parameters: tuple[str, ...]
    answers: Answers

    @property
    def action(self) -> str:
        """What goes into ``wsa:Action`` and the ``action`` of the content type."""
        return _ACTION + self.name


_FILE: Final = ("fileName", "contentFile")

OPERATIONS: Final = {
    operation.name: operation
    for operation in (
        Operation("GetExchangeEmails", (), Answers.EMAILS),
        Operation("GetStatus", ("trackId",), Answers.DOCUMENT),
        Operation("GetStatusZip", ("trackId",), Answers.DOCUMENTS),
        Operation("GetStatusEvent", ("trackId",), Answers.DOCUMENT),
        Operation("SendBillAsync", _FILE, Answers.UPLOAD),
        Operation("SendTestSetAsync", (*_FILE, "testSetId"), Answers.UPLOAD),
        Operation("SendBillSync", _FILE, Answers.DOCUMENT),
        Operation("SendBillAttachmentAsync", _FILE, Answers.UPLOAD),
        Operation("SendEventUpdateStatus", ("contentFile",), Answers.DOCUMENT),
        Operation("SendNominaSync", ("contentFile",), Answers.DOCUMENT),
        Operation(
            "GetNumberingRange", ("accountCode", "accountCodeT", "softwareCode"), Answers.RANGES
        ),
        Operation("GetXmlByDocumentKey", ("trackId",), Answers.STORED),
        Operation(
            "GetDocIdentifierWithEvents", ("contributorCode", "dateNumber"), Answers.IDENTIFIERS
        ),
        Operation("GetAcquirer", ("identificationType", "identificationNumber"), Answers.ACQUIRER),
        Operation("GetReferenceNotes", ("trackId",), Answers.DOCUMENT),
        Operation("GetDocumentInfo", ("uuid",), Answers.DOCUMENT),
    )
}
