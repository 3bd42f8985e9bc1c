"""Colombian electronic documents as the tax authority (DIAN) wants them.

This package is pure where the law is exact: codes, snapshots, XML, signatures, schemas and the
inspection of anybody's documents need neither a database nor a web request. Sources: Resolución
Única 000227 of 2025, part 1, title 5, with technical annexes FE 1.9 (invoice), DE 1.0 (equivalent
documents), DS 1.1 (support documents) and RADIAN 1.1 (events).
"""
