"""The delegates' pages and the parts they share: functions of live Vars, no server state."""
