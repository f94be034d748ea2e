-- Who asked for a reload was once written down with a Discord id; nothing in here has a member's.
UPDATE reloads SET requested_by = 'admin' WHERE requested_by LIKE 'admin %';
