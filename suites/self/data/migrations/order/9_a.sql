create table if not exists a (a text);
