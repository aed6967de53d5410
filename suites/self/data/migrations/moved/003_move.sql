create table if not exists remarks (id uuid primary key, text text not null);
do $$
begin
    if to_regclass('notes') is not null then
        insert into remarks select id, title from notes;
        drop table notes;
    end if;
end
$$;
