"""Files in and out: CSV and XLSX tables, calendars, and the JSON of problems and plans."""
