create table if not exists notes (
    id serial primary key,
    title text not null,
    body varchar(100)
);
create table if not exists labels (
    name text primary key
);
insert into labels (name) values ('red'), ('green'), ('blue') on conflict do nothing;
