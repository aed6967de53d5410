create table if not exists labels (name text primary key);
insert into labels (name) values ('red'), ('green') on conflict do nothing;
