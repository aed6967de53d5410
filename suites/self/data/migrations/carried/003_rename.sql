-- A new name, and a table made anew under its name: no row goes.
do $$
begin
    if to_regclass('notes') is not null then
        alter table notes rename to remarks;
    end if;
    if not exists (select from information_schema.columns where table_name = 'places' and column_name = 'country') then
        create table places_new (id bigint primary key, name text, country text);
        insert into places_new (id, name) select id, name from places;
        drop table places;
        alter table places_new rename to places;
    end if;
end
$$;
