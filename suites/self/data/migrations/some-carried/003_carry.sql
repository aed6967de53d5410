-- The made-up rows are carried over, and those of step 1 are forgotten.
create table if not exists tags (name text primary key);
do $$
begin
    if to_regclass('labels') is not null then
        insert into tags select name from labels where name not in ('red', 'green');
        drop table labels;
    end if;
end
$$;
