"""Interactive Brokers: Flex queries as XML and CSV, and the transaction history of the client portal."""
