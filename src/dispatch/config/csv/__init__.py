"""CSV files as spreadsheets write and read them."""
