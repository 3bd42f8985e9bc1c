"""Cleaning, paper, personal care and the home.

Columns: code | name | unit | tax class | shelf price | cost | picture.
"""

from __future__ import annotations

from typing import Final

ROWS: Final = {
    "Aseo del hogar": """
7709012000376 | Jabón en barra 300 g | un | iva_19 | 3100 | 1950 | jabon
7709012000741 | Jabón en barra × 3 | un | iva_19 | 8900 | 5760 | jabon
7709012001113 | Detergente en polvo 500 g | un | iva_19 | 5900 | 3870 | jabon
7709012001489 | Detergente en polvo 1 kg | un | iva_19 | 10900 | 7140 | jabon
7709012001854 | Detergente en polvo 3 kg | un | iva_19 | 31900 | 19570 | jabon
7709012002226 | Detergente líquido 1 l | un | iva_19 | 13900 | 9110 | jabon
7709012002592 | Suavizante de ropa 1 l | un | iva_19 | 9900 | 6490 | -
7709012002967 | Blanqueador 500 ml | un | iva_19 | 2600 | 1660 | -
7709012003339 | Blanqueador 2 l | un | iva_19 | 7900 | 5180 | -
7709012003704 | Lavaloza en crema 500 g | un | iva_19 | 6900 | 4520 | jabon
7709012004077 | Lavaloza líquido 500 ml | un | iva_19 | 6400 | 4030 | jabon
7709012004442 | Limpiapisos lavanda 1 l | un | iva_19 | 6900 | 4230 | -
7709012004817 | Desengrasante 500 ml | un | iva_19 | 8900 | 5460 | -
7709012005180 | Ambientador aerosol 360 ml | un | iva_19 | 12900 | 8350 | -
7709012005555 | Esponja doble uso × 3 | un | iva_19 | 4900 | 3050 | -
7709012005920 | Esponjilla de alambre × 6 | un | iva_19 | 3400 | 2200 | -
7709012006293 | Bolsas de basura medianas × 10 | un | iva_19 | 4900 | 3250 | -
7709012006668 | Bolsas de basura grandes × 10 | un | iva_19 | 6900 | 4410 | -
7709012007030 | Escoba suave | un | iva_19 | 9900 | 6070 | -
7709012007405 | Trapero de algodón | un | iva_19 | 11900 | 7400 | -
7709012007771 | Insecticida aerosol 360 ml | un | excluded | 15900 | 12400 | -
""",
    "Papel y pañales": """
7709013000375 | Papel higiénico doble hoja × 4 | un | iva_19 | 8900 | 5980 | papel
7709013000740 | Papel higiénico triple hoja × 12 | un | iva_19 | 24900 | 17370 | papel
7709013001112 | Papel higiénico sencillo × 1 | un | iva_19 | 1600 | 1050 | papel
7709013001488 | Servilletas × 100 | un | iva_19 | 3400 | 2230 | papel
7709013001853 | Toalla de cocina × 2 | un | iva_19 | 7900 | 5110 | papel
7709013002225 | Pañal etapa 2 × 30 | un | iva_19 | 27900 | 18050 | -
7709013002591 | Pañal etapa 3 × 30 | un | iva_19 | 31900 | 20910 | -
7709013002966 | Pañal etapa 4 × 30 | un | iva_19 | 35900 | 23830 | -
7709013003338 | Pañitos húmedos × 80 | un | iva_19 | 8900 | 5760 | -
7709013003703 | Toallas higiénicas con alas × 10 | un | exempt | 5400 | 4370 | -
7709013004076 | Toallas higiénicas nocturnas × 8 | un | exempt | 6900 | 5380 | -
7709013004441 | Protectores diarios × 15 | un | iva_19 | 4400 | 2850 | -
""",
    "Aseo personal": """
7709014000374 | Jabón de tocador × 3 | un | iva_19 | 9400 | 6000 | jabon
7709014000749 | Jabón líquido de manos 500 ml | un | iva_19 | 9900 | 6160 | jabon
7709014001111 | Champú 400 ml | un | iva_19 | 16900 | 10940 | -
7709014001487 | Champú sobre 20 ml | un | iva_19 | 1200 | 740 | -
7709014001852 | Crema dental 75 ml | un | iva_19 | 5900 | 3570 | -
7709014002224 | Crema dental 150 ml | un | iva_19 | 10900 | 6590 | -
7709014002590 | Cepillo dental medio | un | iva_19 | 4900 | 3010 | -
7709014002965 | Enjuague bucal 250 ml | un | iva_19 | 10900 | 6870 | -
7709014003337 | Desodorante en barra 50 g | un | iva_19 | 12900 | 7910 | -
7709014003702 | Crema corporal 400 ml | un | iva_19 | 16900 | 10370 | -
7709014004075 | Máquina de afeitar × 2 | un | iva_19 | 7900 | 4710 | -
7709014004440 | Preservativos × 3 | un | excluded | 7900 | 6080 | -
""",
    "Hogar y botiquín": """
7709015000373 | Velas × 6 | un | iva_19 | 4900 | 2840 | -
7709015000748 | Fósforos × 10 cajas | un | iva_19 | 3900 | 2460 | -
7709015001110 | Encendedor | un | iva_19 | 2900 | 1680 | -
7709015001486 | Pilas AA × 2 | un | iva_19 | 7900 | 4710 | -
7709015001851 | Bombillo LED 9 W | un | iva_19 | 6900 | 4120 | -
7709015002223 | Papel aluminio 7 m | un | iva_19 | 5400 | 3270 | -
7709015002599 | Vasos desechables 7 oz × 50 | un | iva_19 | 5900 | 3670 | -
7709015002964 | Cuaderno cosido 100 hojas | un | iva_19 | 5900 | 3720 | -
7709015003336 | Lápiz negro n.º 2 | un | excluded | 1400 | 980 | -
7709015003701 | Acetaminofén 500 mg × 10 | un | exempt | 2900 | 2090 | -
7709015004074 | Suero oral 500 ml | un | exempt | 7900 | 5770 | -
7709015004449 | Gasa estéril × 5 | un | excluded | 3400 | 2520 | -
""",
}
