"""Celery's side of the doors: tasks that carry ids, and the timetable."""
