create table if not exists c (a text);
