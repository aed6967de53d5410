create table if not exists batches (number int);
do $$
begin
    delete from batches;
    commit;
    insert into batches values (1);
end
$$;
