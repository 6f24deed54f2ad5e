"""EasyChair's workbook."""
