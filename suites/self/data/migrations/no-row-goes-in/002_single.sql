create table if not exists codes (code text not null check (code ~ '^[A-Z]{3}-[0-9]{4}$'));
