create table if not exists notes (id serial primary key, title text not null);
create table if not exists papers (id serial primary key, title text not null);
