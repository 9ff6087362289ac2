-- Until when one worker reads what a notification points at: however often it comes, it is read once at a time.
alter table inbox add column claimed_until timestamptz;
