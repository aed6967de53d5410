-- Another table takes the name of one that goes; its rows stay its own.
do $$
begin
    if to_regclass('papers') is not null then
        drop table notes;
        alter table papers rename to notes;
    end if;
end
$$;
