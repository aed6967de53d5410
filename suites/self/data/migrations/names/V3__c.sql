-- +goose Up
create table if not exists c (a text);
-- +goose Down
drop table c;
