-- Line 4 has a fault.
create table if not exists a (id int primary key,
    name text,
    kind no_such_type
);
