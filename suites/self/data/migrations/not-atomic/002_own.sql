begin;
create table if not exists one (a int);
commit;

begin;
create table if not exists two (a int);
commit;
