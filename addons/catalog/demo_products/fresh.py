"""Bread, dairy, eggs, produce and meat.

Columns: code | name | unit | tax class | shelf price | cost | picture.
"""

from __future__ import annotations

from typing import Final

ROWS: Final = {
    "Panadería": """
7709001000370 | Pan tajado 450 g | un | excluded | 7900 | 6160 | pan
7709001000745 | Pan tajado integral 500 g | un | excluded | 9200 | 7180 | pan
7709001001117 | Pan tajado de leche 400 g | un | excluded | 7600 | 5620 | pan
7709001001483 | Pan francés × 6 | un | excluded | 4200 | 3150 | pan
7709001001858 | Pan rollo × 8 | un | excluded | 4800 | 3550 | pan
7709001002220 | Pan para hamburguesa × 6 | un | excluded | 7400 | 5400 | pan
7709001002596 | Pan para perro caliente × 8 | un | excluded | 7200 | 5180 | pan
7709001002961 | Mogolla integral × 6 | un | excluded | 5600 | 4140 | pan
7709001003333 | Roscón con bocadillo × 4 | un | excluded | 6800 | 5170 | pan
7709001003708 | Arepa blanca × 10 | un | excluded | 5200 | 3800 | -
7709001004071 | Arepa de maíz amarillo × 5 | un | excluded | 4300 | 3310 | -
7709001004446 | Arepa con queso × 5 | un | excluded | 9400 | 7240 | -
7709001004811 | Arepa boyacense × 4 | un | excluded | 8900 | 6940 | -
7709001005184 | Pandeyuca congelado × 12 | un | iva_5 | 11900 | 8610 | -
7709001005559 | Bizcocho de achira 150 g | un | iva_5 | 7800 | 5790 | -
7709001005924 | Ponqué vainilla tajado 230 g | un | iva_19 | 6900 | 4230 | -
7709001006297 | Tostadas integrales × 15 | un | iva_19 | 6300 | 3860 | -
7709001006662 | Galletas de soda taco × 3 | un | iva_19 | 5400 | 3450 | -
7709001007034 | Galletas wafer vainilla × 12 | un | iva_19 | 6800 | 4340 | -
7709001007409 | Galletas rellenas de chocolate × 6 | un | iva_19 | 5200 | 3230 | -
""",
    "Lácteos y huevos": """
7709002000379 | Leche entera 1 l | un | exempt | 4600 | 3860 | leche
7709002000744 | Leche entera bolsa 900 ml | un | exempt | 4100 | 3610 | leche
7709002001116 | Leche deslactosada 1 l | un | exempt | 5100 | 4340 | leche
7709002001482 | Leche semidescremada 1 l | un | exempt | 4700 | 4180 | leche
7709002001857 | Leche entera caja × 6 de 1 l | un | exempt | 26900 | 23400 | leche
7709002002229 | Leche en polvo entera 380 g | un | exempt | 16900 | 15040 | leche
7709002002595 | Leche en polvo entera 800 g | un | exempt | 33500 | 28810 | leche
7709002002960 | Leche condensada 300 g | un | exempt | 8900 | 7830 | leche
7709002003332 | Crema de leche 200 ml | un | exempt | 4700 | 4180 | leche
7709002003707 | Queso campesino 250 g | un | exempt | 7200 | 5980 | queso
7709002004070 | Queso campesino 500 g | un | exempt | 13400 | 11790 | queso
7709002004445 | Cuajada 500 g | un | exempt | 12900 | 11090 | queso
7709002004810 | Quesito antioqueño 400 g | un | exempt | 11800 | 10380 | queso
7709002005183 | Queso parmesano rallado 100 g | un | iva_19 | 9400 | 6950 | queso
7709002005558 | Queso tajado para sándwich × 15 | un | iva_19 | 12900 | 9210 | queso
7709002005923 | Queso crema untable 200 g | un | iva_19 | 10900 | 8150 | queso
7709002006296 | Yogur fresa 1 l | un | iva_19 | 8900 | 6210 | -
7709002006661 | Yogur melocotón vaso 150 g | un | iva_19 | 2400 | 1670 | -
7709002007033 | Yogur griego natural 150 g | un | iva_19 | 4900 | 3460 | -
7709002007408 | Kumis 1 l | un | iva_19 | 8700 | 6070 | -
7709002007774 | Avena láctea bolsa 200 ml | un | iva_19 | 2100 | 1520 | -
7709002008146 | Mantequilla con sal 250 g | un | iva_19 | 11900 | 8400 | -
7709002008511 | Margarina de mesa 250 g | un | iva_19 | 5600 | 3950 | -
7709002008887 | Suero costeño 400 g | un | iva_19 | 8600 | 6220 | -
7709002009259 | Arequipe artesanal 250 g | un | excluded | 7400 | 6510 | -
7709002009624 | Huevos AA cubeta × 30 | un | exempt | 19900 | 16520 | huevos
7709002009990 | Huevos AA × 12 | un | exempt | 8900 | 7830 | huevos
7709002010361 | Huevos criollos × 6 | un | exempt | 6900 | 5800 | huevos
7709002010736 | Huevos de codorniz × 24 | un | exempt | 8400 | 7220 | huevos
""",
    "Fruver": """
101 | Aguacate hass | kg | excluded | 9800 | 6860 | aguacate
102 | Banano criollo | kg | excluded | 2900 | 1880 | banano
103 | Banano bocadillo | kg | excluded | 4600 | 3270 | banano
104 | Plátano hartón verde | kg | excluded | 3900 | 2650 | banano
105 | Plátano maduro | kg | excluded | 3800 | 2510 | banano
106 | Tomate chonto | kg | excluded | 4200 | 2980 | tomate
107 | Tomate milano | kg | excluded | 4600 | 3080 | tomate
108 | Tomate de árbol | kg | excluded | 5200 | 3690 | tomate
109 | Papa pastusa lavada | kg | excluded | 3400 | 2280 | papa
110 | Papa sabanera | kg | excluded | 3900 | 2570 | papa
111 | Papa criolla | kg | excluded | 4800 | 3360 | papa
112 | Yuca | kg | excluded | 3200 | 2180 | -
113 | Arracacha | kg | excluded | 5600 | 3860 | -
114 | Cebolla cabezona blanca | kg | excluded | 3600 | 2340 | -
115 | Cebolla larga | kg | excluded | 4900 | 3280 | -
116 | Zanahoria | kg | excluded | 2900 | 1910 | -
117 | Remolacha | kg | excluded | 3300 | 2310 | -
118 | Pimentón | kg | excluded | 6400 | 4220 | -
119 | Pepino cohombro | kg | excluded | 3100 | 2110 | -
120 | Habichuela | kg | excluded | 5900 | 4070 | -
121 | Arveja verde en vaina | kg | excluded | 8900 | 5960 | -
122 | Ahuyama | kg | excluded | 2600 | 1770 | -
123 | Repollo | kg | excluded | 2400 | 1680 | -
124 | Ajo | kg | excluded | 18900 | 12660 | -
125 | Limón Tahití | kg | excluded | 5400 | 3730 | -
126 | Naranja valencia | kg | excluded | 2700 | 1890 | -
127 | Mango tommy | kg | excluded | 5100 | 3520 | -
128 | Papaya | kg | excluded | 3700 | 2480 | -
129 | Maracuyá | kg | excluded | 6200 | 4150 | -
130 | Lulo | kg | excluded | 7900 | 5610 | -
131 | Mora de Castilla | kg | excluded | 9400 | 6110 | -
132 | Guayaba pera | kg | excluded | 3900 | 2770 | -
133 | Granadilla | kg | excluded | 8700 | 6180 | -
134 | Manzana roja importada | kg | excluded | 9900 | 6440 | -
135 | Pera importada | kg | excluded | 9600 | 6820 | -
7709003013323 | Piña oro miel unidad | un | excluded | 6500 | 4550 | -
7709003013699 | Lechuga batavia unidad | un | excluded | 3900 | 2690 | -
7709003014061 | Cilantro atado | un | excluded | 1800 | 1210 | -
7709003014436 | Espinaca bogotana atado | un | excluded | 3200 | 2270 | -
7709003014801 | Champiñones 250 g | un | excluded | 8400 | 5540 | -
7709003015174 | Coco seco unidad | un | excluded | 5900 | 3950 | -
""",
    "Carnes": """
136 | Carne de res molida | kg | exempt | 27900 | 22880 | -
137 | Sobrebarriga | kg | exempt | 31900 | 26160 | -
138 | Costilla de cerdo | kg | exempt | 22900 | 18090 | -
139 | Lomo de cerdo | kg | exempt | 26900 | 21250 | -
140 | Pechuga de pollo | kg | exempt | 19900 | 16520 | -
141 | Pernil de pollo | kg | exempt | 13900 | 11680 | -
142 | Alas de pollo | kg | exempt | 14900 | 12220 | -
143 | Tilapia fresca | kg | exempt | 21900 | 17960 | -
7709004003330 | Filete de basa congelado 1 kg | un | exempt | 24900 | 21160 | -
""",
}
