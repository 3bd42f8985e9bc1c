"""Drinks, spirits, sweets and snacks.

Columns: code | name | unit | tax class | shelf price | cost | picture.
"""

from __future__ import annotations

from typing import Final

ROWS: Final = {
    "Bebidas": """
7709009000372 | Agua sin gas 600 ml | un | excluded | 1900 | 1440 | -
7709009000747 | Agua sin gas 1 l | un | excluded | 2700 | 2050 | -
7709009001119 | Agua sin gas bolsa 6 l | un | excluded | 5900 | 4420 | -
7709009001485 | Agua sin gas × 6 de 600 ml | un | excluded | 9900 | 7420 | -
7709009001850 | Agua con gas 600 ml | un | excluded | 2400 | 1750 | -
7709009002222 | Hielo en cubos 2 kg | un | excluded | 5900 | 4600 | -
7709009002598 | Agua saborizada limón 500 ml | un | iva_19 | 3200 | 2040 | -
7709009002963 | Gaseosa cola 250 ml | un | iva_19 | 1900 | 1230 | gaseosa
7709009003335 | Gaseosa cola 400 ml | un | iva_19 | 3200 | 1990 | gaseosa
7709009003700 | Gaseosa cola 1,5 l | un | iva_19 | 5200 | 3280 | gaseosa
7709009004073 | Gaseosa cola sin azúcar 1,5 l | un | iva_19 | 5400 | 3580 | gaseosa
7709009004448 | Gaseosa manzana 400 ml | un | iva_19 | 3000 | 1990 | gaseosa
7709009004813 | Gaseosa manzana 1,7 l | un | iva_19 | 5400 | 3400 | gaseosa
7709009005186 | Gaseosa roja 1,7 l | un | iva_19 | 5400 | 3450 | gaseosa
7709009005551 | Gaseosa naranja 3 l | un | iva_19 | 8900 | 5910 | gaseosa
7709009005926 | Soda 1 l | un | iva_19 | 3900 | 2490 | gaseosa
7709009006299 | Malta 330 ml | un | iva_19 | 3300 | 2080 | gaseosa
7709009006664 | Malta × 6 de 225 ml | un | iva_19 | 12900 | 8350 | gaseosa
7709009007036 | Jugo de mango caja 200 ml | un | iva_19 | 2200 | 1350 | -
7709009007401 | Jugo de mora 1 l | un | iva_19 | 5900 | 3920 | -
7709009007777 | Néctar de durazno 1 l | un | iva_19 | 6900 | 4580 | -
7709009008149 | Refresco en polvo naranja 18 g | un | iva_19 | 1300 | 800 | -
7709009008514 | Té frío limón 1,5 l | un | iva_19 | 6400 | 4250 | -
7709009008880 | Bebida hidratante 500 ml | un | iva_19 | 4200 | 2680 | -
7709009009252 | Bebida energizante 269 ml | un | iva_19 | 3900 | 2460 | -
""",
    "Licores": """
7709010000378 | Cerveza rubia lata 330 ml | un | iva_19 | 3600 | 2420 | -
7709010000743 | Cerveza rubia × 6 de 330 ml | un | iva_19 | 20400 | 14400 | -
7709010001115 | Cerveza roja lata 330 ml | un | iva_19 | 3900 | 2690 | -
7709010001481 | Refajo 1,5 l | un | iva_19 | 8900 | 5910 | -
7709010001856 | Aguardiente sin azúcar 375 ml | un | iva_5 | 25900 | 20720 | -
7709010002228 | Aguardiente sin azúcar 750 ml | un | iva_5 | 47900 | 36950 | -
7709010002594 | Ron añejo 375 ml | un | iva_5 | 31900 | 24910 | -
7709010002969 | Ron añejo 750 ml | un | iva_5 | 58900 | 44320 | -
7709010003331 | Vino tinto 750 ml | un | iva_5 | 32900 | 26010 | -
7709010003706 | Brandy 750 ml | un | iva_5 | 49900 | 38490 | -
""",
    "Dulces y snacks": """
7709011000377 | Papas fritas naturales 105 g | un | iva_19 | 6900 | 4060 | papa
7709011000742 | Papas fritas limón 45 g | un | iva_19 | 2900 | 1830 | papa
7709011001114 | Platanitos verdes 100 g | un | iva_19 | 4900 | 3050 | -
7709011001480 | Chicharrones 60 g | un | iva_19 | 4600 | 2900 | -
7709011001855 | Extruidos de queso 42 g | un | iva_19 | 2400 | 1410 | -
7709011002227 | Tortillas de maíz 150 g | un | iva_19 | 5900 | 3720 | -
7709011002593 | Maní salado 50 g | un | iva_19 | 2400 | 1410 | -
7709011002968 | Maní con pasas 100 g | un | iva_19 | 4900 | 3010 | -
7709011003330 | Chocolatina leche 12 g | un | iva_19 | 900 | 560 | -
7709011003705 | Chocolatina leche × 12 | un | iva_19 | 9900 | 6160 | -
7709011004078 | Barra de chocolate con maní 50 g | un | iva_19 | 3600 | 2300 | -
7709011004443 | Bombón relleno de chicle × 24 | un | iva_19 | 10900 | 6870 | -
7709011004818 | Chicles menta × 100 | un | iva_19 | 12900 | 7700 | -
7709011005181 | Caramelo blando × 50 | un | iva_19 | 8900 | 5680 | -
7709011005556 | Gomas ácidas 80 g | un | iva_19 | 4400 | 2590 | -
7709011005921 | Masmelos 145 g | un | iva_19 | 5600 | 3580 | -
7709011006294 | Barra de cereal × 6 | un | iva_19 | 9900 | 6240 | -
7709011006669 | Obleas × 12 | un | iva_19 | 4900 | 3010 | -
7709011007031 | Panelitas de leche artesanales × 12 | un | excluded | 7900 | 5920 | -
""",
}
