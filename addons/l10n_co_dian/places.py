"""Municipalities and departments of Colombia by their DIVIPOLA codes (DANE).

Names as the value lists of DIAN's toolbox write them ("Municipio", "Departamentos").
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

DEPARTMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "05": "Antioquia",
        "08": "Atlántico",
        "11": "Bogotá",
        "13": "Bolívar",
        "15": "Boyacá",
        "17": "Caldas",
        "18": "Caquetá",
        "19": "Cauca",
        "20": "Cesar",
        "23": "Córdoba",
        "25": "Cundinamarca",
        "27": "Chocó",
        "41": "Huila",
        "44": "La Guajira",
        "47": "Magdalena",
        "50": "Meta",
        "52": "Nariño",
        "54": "Norte de Santander",
        "63": "Quindío",
        "66": "Risaralda",
        "68": "Santander",
        "70": "Sucre",
        "73": "Tolima",
        "76": "Valle del Cauca",
        "81": "Arauca",
        "85": "Casanare",
        "86": "Putumayo",
        "88": "San Andrés y Providencia",
        "91": "Amazonas",
        "94": "Guainía",
        "95": "Guaviare",
        "97": "Vaupés",
        "99": "Vichada",
    }
)


@cache
def municipalities() -> Mapping[str, str]:
    """Give the name of every municipality by its code of five digits; the first two say where."""
    source = files("addons.l10n_co_dian") / "catalogues" / "municipalities.txt"
    lines = source.read_text("utf-8").splitlines()
    return MappingProxyType(
        dict(line.split(" ", 1) for line in lines if line and not line.startswith("#"))
    )
