create table if not exists people (name text not null, nick text);
