"""The record: tables of rows, as known on a date."""
