"""The description of the service: the authority's own where it is installed, else ours.

The authority's WSDL is reference data and no part of the program: the simulator's configuration
names its folder, or it lies beside the program. Without it a description of our own is written, of
the operations that are supported here.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from lxml import etree

from addons.l10n_co_dian.safe_xml import safe_parser
from addons.l10n_co_dian.simulator.service import UNSUPPORTED
from addons.l10n_co_dian.soap.operations import OPERATIONS, WCF, Answers, Operation

_BESIDE: Final = Path(__file__).resolve().parents[3].parent / "shared/data/dian/wsdl"
_LANDMARK: Final = "WcfDianCustomerServices.wsdl"
_MAP: Final = "Reference.svcmap"
_XS: Final = "http://www.w3.org/2001/XMLSchema"
_WSDL: Final = "http://schemas.xmlsoap.org/wsdl/"
#: Where the authority's files say that the service is.
_REAL: Final = b"https://vpfe-hab.dian.gov.co/WcfDianCustomerServices.svc"

_FIELDS: Final = {
    Answers.DOCUMENT: (
        "ErrorMessage",
        "IsValid",
        "StatusCode",
        "StatusDescription",
        "StatusMessage",
        "XmlBase64Bytes",
        "XmlBytes",
        "XmlDocumentKey",
        "XmlFileName",
    ),
    Answers.DOCUMENTS: ("DianResponse",),
    Answers.UPLOAD: ("ErrorMessageList", "ZipKey"),
    Answers.RANGES: ("OperationCode", "OperationDescription", "ResponseList"),
    Answers.STORED: ("Code", "Message", "XmlBytesBase64"),
    Answers.ACQUIRER: ("Message", "ReceiverEmail", "ReceiverName", "StatusCode"),
}


def wsdl_folder(named: Path | None) -> Path | None:
    """Find the folder of the authority's description, if it is installed."""
    for candidate in (named, _BESIDE):
        if candidate and (candidate / _LANDMARK).is_file():
            return candidate
    return None


def description(query: str, url: str, named: Path | None = None) -> bytes | None:
    """Answer ``?wsdl``, ``?singleWsdl`` or ``?xsd=xsd0``; nothing for anything else.

    Addresses inside lead to ``url``; ``named`` is the folder that the configuration says.
    """
    folder = wsdl_folder(named)
    name, _, value = query.partition("=")
    match name.lower():
        case "wsdl" if folder:
            return (folder / _LANDMARK).read_bytes().replace(_REAL, url.encode())
        case "singlewsdl" if folder:
            return _single(folder).replace(_REAL, url.encode())
        case "wsdl" | "singlewsdl":
            return own_description(url)
        case "xsd" if folder and (file := _schemas(folder).get(value.removeprefix("xsd"))):
            return (folder / file).read_bytes().replace(_REAL, url.encode())
        case _:
            return None


@cache
def _schemas(folder: Path) -> dict[str, str]:
    """Read which file stands for ``?xsd=xsdN``."""
    mapped = etree.parse(folder / _MAP, safe_parser()).getroot()
    found = {}
    for entry in mapped.iter("{*}MetadataFile"):
        _, _, number = entry.get("SourceUrl", "").rpartition("?xsd=xsd")
        if number.isdigit():
            found[number] = entry.get("FileName", "")
    return found


@cache
def _single(folder: Path) -> bytes:
    """Put the schemas into the description, in the place of their imports."""
    root = etree.parse(folder / _LANDMARK, safe_parser()).getroot()
    types = root.find(f"{{{_WSDL}}}types")
    if types is None:
        return etree.tostring(root)
    for child in list(types):
        types.remove(child)
    for file in _schemas(folder).values():
        schema = etree.parse(folder / file, safe_parser()).getroot()
        for imported in schema.iter(f"{{{_XS}}}import"):
            imported.attrib.pop("schemaLocation", None)
        types.append(schema)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def own_description(url: str) -> bytes:
    """Describe the supported operations in our own words."""
    supported = [op for name, op in OPERATIONS.items() if name not in UNSUPPORTED]
    namespaces = (
        f'xmlns:wsdl="{_WSDL}" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" '
        f'xmlns:xs="{_XS}" xmlns:tns="{WCF}" '
        'xmlns:wsaw="http://www.w3.org/2006/05/addressing/wsdl"'
    )
    elements = "".join(_elements(operation) for operation in supported)
    messages = "".join(_messages(operation) for operation in supported)
    ports = "".join(_port(operation) for operation in supported)
    bindings = "".join(_binding(operation) for operation in supported)
    return (
        f'<wsdl:definitions {namespaces} name="DianSimulator" targetNamespace="{WCF}">'
        f'<wsdl:types><xs:schema elementFormDefault="qualified" targetNamespace="{WCF}">'
        f"{elements}</xs:schema></wsdl:types>{messages}"
        f'<wsdl:portType name="IWcfDianCustomerServices">{ports}</wsdl:portType>'
        '<wsdl:binding name="Soap12" type="tns:IWcfDianCustomerServices">'
        '<soap12:binding transport="http://schemas.xmlsoap.org/soap/http"/>'
        f'{bindings}</wsdl:binding><wsdl:service name="WcfDianCustomerServices">'
        f'<wsdl:port name="Soap12" binding="tns:Soap12"><soap12:address location="{url}"/>'
        "</wsdl:port></wsdl:service></wsdl:definitions>"
    ).encode()


def _elements(operation: Operation) -> str:
    asked = "".join(
        f'<xs:element minOccurs="0" name="{name}" nillable="true" type="xs:'
        f'{"base64Binary" if name == "contentFile" else "string"}"/>'
        for name in operation.parameters
    )
    # The fields live in the namespaces of the data contracts: described, not constrained.
    told = (
        '<xs:any minOccurs="0" maxOccurs="unbounded" processContents="skip"><xs:annotation>'
        f"<xs:documentation>{', '.join(_FIELDS[operation.answers])}</xs:documentation>"
        "</xs:annotation></xs:any>"
    )
    name = operation.name
    return (
        f'<xs:element name="{name}"><xs:complexType><xs:sequence>{asked}</xs:sequence>'
        f'</xs:complexType></xs:element><xs:element name="{name}Response"><xs:complexType>'
        f'<xs:sequence><xs:element minOccurs="0" name="{name}Result" nillable="true">'
        f"<xs:complexType><xs:sequence>{told}</xs:sequence></xs:complexType></xs:element>"
        "</xs:sequence></xs:complexType></xs:element>"
    )


def _messages(operation: Operation) -> str:
    return "".join(
        f'<wsdl:message name="{operation.name}{end}Message">'
        f'<wsdl:part name="parameters" element="tns:{operation.name}{response}"/></wsdl:message>'
        for end, response in (("Input", ""), ("Output", "Response"))
    )


def _port(operation: Operation) -> str:
    return (
        f'<wsdl:operation name="{operation.name}">'
        f'<wsdl:input wsaw:Action="{operation.action}"'
        f' message="tns:{operation.name}InputMessage"/>'
        f'<wsdl:output wsaw:Action="{operation.action}Response"'
        f' message="tns:{operation.name}OutputMessage"/></wsdl:operation>'
    )


def _binding(operation: Operation) -> str:
    body = '<soap12:body use="literal"/>'
    return (
        f'<wsdl:operation name="{operation.name}">'
        f'<soap12:operation soapAction="{operation.action}" style="document"/>'
        f"<wsdl:input>{body}</wsdl:input><wsdl:output>{body}</wsdl:output></wsdl:operation>"
    )
