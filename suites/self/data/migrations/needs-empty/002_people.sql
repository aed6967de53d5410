create table if not exists people (name text not null, mail text not null);
