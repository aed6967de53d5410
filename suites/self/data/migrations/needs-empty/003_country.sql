alter table people
    add column if not exists country text not null;
