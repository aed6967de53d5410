create extension if not exists no_such_vectors;
create table if not exists passages (id int primary key, words text);
create table if not exists embeddings (
    id int primary key,
    place no_such_vector(3)
);
grant select on passages to reader_of_passages;
