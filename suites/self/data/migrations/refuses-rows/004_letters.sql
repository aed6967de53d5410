create table if not exists letters (id int primary key, body text);
