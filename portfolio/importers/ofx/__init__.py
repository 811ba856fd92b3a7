"""Open Financial Exchange: OFX and QFX, versions 1 (SGML) and 2 (XML), of brokers, banks and cards."""
