\set ON_ERROR_STOP on
create table if not exists colours (name text primary key, hue int);
\connect other
copy colours (name, hue) from stdin;
red	0
green	120
\.
delete from colours c using colours d where c.ctid > d.ctid and c.name = d.name;
