-- A new name, a move within one database, a table made anew under its name: no row goes.
do $$
begin
    if to_regclass('notes') is not null then
        alter table notes rename to remarks;
    end if;
end
$$;
create table if not exists places_new (id bigint primary key, name text, country text);
insert into places_new (id, name) select id, name from places on conflict do nothing;
drop table places;
alter table places_new rename to places;
