create table if not exists settings (id int generated always as identity, name text, value text);
insert into settings (name, value) values ('zone', 'UTC');
