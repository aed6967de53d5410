-- Has no "if not exists".
create index if not exists settings_name on settings (name);

alter table settings
    add column note text;
