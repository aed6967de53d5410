select 1;
begin;
create table if not exists a (a int);
