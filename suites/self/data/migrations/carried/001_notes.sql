create table if not exists notes (id uuid primary key default gen_random_uuid(), title text not null, size int);
create table if not exists places (id int primary key, name text);
create table if not exists days (day date not null, name text);
