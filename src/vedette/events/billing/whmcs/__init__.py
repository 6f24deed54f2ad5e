"""WHMCS: transactions and invoices as CSV."""
