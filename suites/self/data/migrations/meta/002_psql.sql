\set ON_ERROR_STOP on
create table if not exists colours (name text, hue int);
truncate colours;
\connect other
copy colours (name, hue) from stdin;
red	0
green	120
\.
