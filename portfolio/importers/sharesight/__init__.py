"""Sharesight: the reports All Trades and Taxable Income."""
