begin;
create table if not exists three (a int);
create table if not exists four (a int);
commit;
