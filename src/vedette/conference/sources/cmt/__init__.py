"""Microsoft CMT's workbook."""
