create table if not exists b (a text);
