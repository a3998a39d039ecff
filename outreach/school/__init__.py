"""The calendar of the school: its closed days, from iCal."""
