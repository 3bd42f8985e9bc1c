"""What each page template is given: plain values, already translated or translated when shown.

A route fills one of these and renders the template of the same name; templates ask the database
nothing. Amounts stay ``Decimal`` and moments stay ``datetime`` up to here: the template formats
them for the reader.
"""
