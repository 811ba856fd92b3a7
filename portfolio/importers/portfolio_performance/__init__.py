"""Portfolio Performance: its CSV exports of accounts and portfolios, in several languages."""
