alter table one add column if not exists b int;
create index concurrently if not exists one_b on one (b);
