-- A made-up row has no such mail; whether any real one has not, nobody knows here.
alter table people drop constraint if exists people_mail;
alter table people add constraint people_mail check (mail like '%@%.%');
