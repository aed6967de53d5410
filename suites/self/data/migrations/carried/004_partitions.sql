-- The table of days becomes a partition of a greater one.
do $$
begin
    if to_regclass('all_days') is null then
        create table all_days (day date not null, name text) partition by range (day);
        alter table all_days attach partition days default;
    end if;
end
$$;
