"""What each staff page is made of: functions of its states, one file a page."""
