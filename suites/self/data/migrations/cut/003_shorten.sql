alter table people alter column name type varchar(10) using left(name, 10);
