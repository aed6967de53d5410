create table if not exists other (a text);
