"""Cold meats, grains, groceries and tins.

Columns: code | name | unit | tax class | shelf price | cost | picture.
"""

from __future__ import annotations

from typing import Final

ROWS: Final = {
    "Carnes frías": """
7709005000376 | Salchicha tradicional × 10 | un | iva_19 | 9400 | 6080 | -
7709005000741 | Salchicha ahumada × 7 | un | iva_19 | 12900 | 8350 | -
7709005001113 | Jamón de cerdo × 10 tajadas | un | iva_19 | 11900 | 7900 | -
7709005001489 | Mortadela 250 g | un | iva_5 | 6900 | 4930 | -
7709005001854 | Mortadela 450 g | un | iva_5 | 10900 | 7990 | -
7709005002226 | Salchichón cervecero 225 g | un | iva_5 | 6400 | 4880 | -
7709005002592 | Butifarra × 8 | un | iva_5 | 9900 | 7350 | -
7709005002967 | Chorizo santarrosano × 5 | un | iva_19 | 14900 | 9890 | -
7709005003339 | Morcilla × 4 | un | iva_19 | 9800 | 6340 | -
7709005003704 | Tocineta ahumada 150 g | un | iva_19 | 12900 | 8460 | -
7709005004077 | Nuggets de pollo 400 g | un | iva_19 | 16900 | 10790 | -
""",
    "Granos": """
7709006000375 | Arroz blanco 500 g | un | exempt | 2600 | 2340 | arroz
7709006000740 | Arroz blanco 1 kg | un | exempt | 4900 | 4410 | arroz
7709006001112 | Arroz blanco 3 kg | un | exempt | 14200 | 12070 | arroz
7709006001488 | Arroz blanco 5 kg | un | exempt | 23200 | 20180 | arroz
7709006001853 | Arroz integral 1 kg | un | exempt | 7200 | 6480 | arroz
7709006002225 | Arroz parbolizado 1 kg | un | exempt | 5800 | 5160 | arroz
7709006002591 | Fríjol cargamanto 500 g | un | excluded | 7600 | 6760 | frijol
7709006002966 | Fríjol bola roja 500 g | un | excluded | 7200 | 6120 | frijol
7709006003338 | Lenteja 500 g | un | excluded | 4300 | 3660 | frijol
7709006003703 | Lenteja 1 kg | un | excluded | 8200 | 6970 | frijol
7709006004076 | Garbanzo 500 g | un | excluded | 5600 | 4820 | frijol
7709006004441 | Arveja verde seca 500 g | un | excluded | 3900 | 3350 | frijol
7709006004816 | Maíz pira 500 g | un | excluded | 3600 | 3020 | -
7709006005189 | Maíz trillado blanco 500 g | un | excluded | 3200 | 2720 | -
7709006005554 | Quinua 400 g | un | iva_5 | 9900 | 8300 | -
7709006005929 | Avena en hojuelas 500 g | un | iva_5 | 4600 | 3770 | -
7709006006292 | Avena molida 400 g | un | iva_5 | 4200 | 3560 | -
""",
    "Despensa": """
7709007000374 | Panela cuadrada 500 g | un | excluded | 3200 | 2720 | panela
7709007000749 | Panela redonda 1 kg | un | excluded | 6100 | 4940 | panela
7709007001111 | Panela pulverizada 500 g | un | excluded | 4400 | 3700 | panela
7709007001487 | Sal refinada 500 g | un | excluded | 1400 | 1200 | -
7709007001852 | Sal refinada 1 kg | un | excluded | 2400 | 2060 | -
7709007002224 | Azúcar blanca 500 g | un | iva_5 | 2700 | 2130 | -
7709007002590 | Azúcar blanca 1 kg | un | iva_5 | 5100 | 4030 | -
7709007002965 | Azúcar blanca 2,5 kg | un | iva_5 | 12400 | 9800 | -
7709007003337 | Azúcar morena 1 kg | un | iva_5 | 5300 | 4090 | -
7709007003702 | Café molido 125 g | un | iva_5 | 7900 | 6240 | cafe
7709007004075 | Café molido 250 g | un | iva_5 | 14200 | 11090 | cafe
7709007004440 | Café molido 500 g | un | iva_5 | 22900 | 17450 | cafe
7709007004815 | Café descafeinado molido 250 g | un | iva_5 | 16900 | 13680 | cafe
7709007005188 | Café soluble 85 g | un | iva_5 | 15900 | 12720 | cafe
7709007005553 | Café soluble 170 g | un | iva_5 | 28900 | 23400 | cafe
7709007005928 | Chocolate de mesa con azúcar 250 g | un | iva_5 | 7400 | 5780 | -
7709007006291 | Chocolate de mesa con azúcar 500 g | un | iva_5 | 13900 | 10590 | -
7709007006666 | Spaghetti 250 g | un | iva_5 | 2400 | 1870 | -
7709007007038 | Spaghetti 500 g | un | iva_5 | 4500 | 3430 | -
7709007007403 | Pasta corta conchitas 250 g | un | iva_5 | 2400 | 1830 | -
7709007007779 | Fideos 250 g | un | iva_5 | 2300 | 1820 | -
7709007008141 | Pasta con huevo 250 g | un | iva_5 | 3200 | 2470 | -
7709007008516 | Harina de trigo 500 g | un | iva_5 | 2900 | 2290 | -
7709007008882 | Harina de trigo 1 kg | un | iva_5 | 5400 | 4270 | -
7709007009254 | Harina de maíz precocida blanca 1 kg | un | iva_5 | 5600 | 4590 | -
7709007009629 | Harina de maíz precocida blanca 500 g | un | iva_5 | 3000 | 2460 | -
7709007009995 | Aceite de girasol 1 l | un | iva_19 | 12900 | 9320 | aceite
7709007010366 | Aceite de girasol 3 l | un | iva_19 | 36900 | 25120 | aceite
7709007010731 | Aceite vegetal 500 ml | un | iva_19 | 5900 | 4020 | aceite
7709007011103 | Aceite vegetal 1 l | un | iva_19 | 10900 | 7510 | aceite
7709007011479 | Aceite de oliva extra virgen 500 ml | un | iva_19 | 38900 | 27460 | aceite
7709007011844 | Vinagre blanco 500 ml | un | iva_19 | 2900 | 2000 | -
7709007012216 | Fécula de maíz 200 g | un | iva_19 | 3900 | 2790 | -
7709007012582 | Levadura seca 11 g | un | iva_19 | 1900 | 1330 | -
7709007012957 | Polvo para hornear 100 g | un | iva_19 | 3200 | 2230 | -
7709007013329 | Color en polvo 60 g | un | iva_19 | 2300 | 1640 | -
7709007013695 | Comino molido 60 g | un | iva_19 | 2900 | 2050 | -
7709007014067 | Canela en astillas 20 g | un | iva_19 | 3600 | 2420 | -
7709007014432 | Caldo de gallina × 8 cubos | un | iva_19 | 3900 | 2720 | -
7709007014807 | Sopa de pollo con fideos sobre 60 g | un | iva_19 | 3400 | 2370 | -
7709007015170 | Gelatina de fresa 40 g | un | iva_19 | 2600 | 1840 | -
7709007015545 | Hojuelas de maíz azucaradas 500 g | un | iva_19 | 13900 | 9460 | -
7709007015910 | Aromática surtida × 20 | un | iva_19 | 4900 | 3380 | -
7709007016283 | Miel de abejas 350 g | un | excluded | 17900 | 14320 | -
7709007016658 | Bocadillo veleño artesanal × 12 | un | excluded | 6900 | 5660 | -
""",
    "Enlatados y salsas": """
7709008000373 | Atún en aceite 160 g | un | iva_19 | 7400 | 4850 | -
7709008000748 | Atún en aceite × 3 | un | iva_19 | 20900 | 13350 | -
7709008001110 | Sardinas en salsa de tomate 425 g | un | iva_19 | 8900 | 5760 | -
7709008001486 | Arvejas con zanahoria 300 g | un | iva_19 | 4900 | 3290 | -
7709008001851 | Maíz tierno 300 g | un | iva_19 | 6400 | 4190 | -
7709008002223 | Salchichas enlatadas 150 g | un | iva_19 | 4900 | 3290 | -
7709008002599 | Leche de coco 400 ml | un | iva_19 | 9400 | 6400 | -
7709008002964 | Duraznos en almíbar 820 g | un | iva_19 | 14900 | 9390 | -
7709008003336 | Aceitunas rellenas 240 g | un | iva_19 | 11900 | 7500 | -
7709008003701 | Salsa de tomate 400 g | un | iva_19 | 7900 | 5050 | tomate
7709008004074 | Pasta de tomate 200 g | un | iva_19 | 4400 | 2920 | tomate
7709008004449 | Mayonesa 400 g | un | iva_19 | 10900 | 7140 | -
7709008004814 | Mostaza 200 g | un | iva_19 | 4600 | 3090 | -
7709008005187 | Salsa rosada 400 g | un | iva_19 | 10400 | 6900 | -
7709008005552 | Salsa negra 165 ml | un | iva_19 | 4900 | 3210 | -
7709008005927 | Ají picante 100 ml | un | iva_19 | 4300 | 2820 | -
7709008006290 | Mermelada de mora 200 g | un | iva_19 | 5900 | 3820 | -
""",
}
